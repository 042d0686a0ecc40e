//! Tests how addresses are read, and that no password is shown.

use super::{Address, AddressError, BASE64_STANDARD};
use base64::Engine as _;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use std::path::Path;

fn parse(text: &str) -> Result<Address, AddressError> {
    Address::parse(&[text])
}

fn bases(address: &Address) -> Vec<&str> {
    address.nodes().iter().map(super::Node::base).collect()
}

/// User and password of each node, as a server reads them.
fn senders(address: &Address) -> Vec<Option<String>> {
    let sent = address.nodes().iter().map(|node| {
        let code = node.authorization()?.strip_prefix("Basic ").unwrap();
        Some(String::from_utf8(BASE64_STANDARD.decode(code).unwrap()).unwrap())
    });
    sent.collect()
}

#[test]
fn an_address_has_a_scheme_a_host_and_perhaps_a_port_and_a_name() {
    for (text, base, name) in [
        ("http://localhost", "http://localhost:9200", "findings"),
        ("https://Search.Example.org/", "https://search.example.org:9200", "findings"),
        ("HTTPS://os_1:443/reports", "https://os_1:443", "reports"),
        (" http://10.0.0.7:9201/a-b_2/ ", "http://10.0.0.7:9201", "a-b_2"),
        ("http://[FD00:0::7]", "http://[fd00::7]:9200", "findings"),
        ("http://[::1]:80/r", "http://[::1]:80", "r"),
    ] {
        let address = parse(text).unwrap();
        assert_eq!((bases(&address), address.name()), (vec![base], name), "{text}");
        assert_eq!(senders(&address), [None], "{text}");
    }
}

#[test]
fn several_addresses_come_in_one_text_or_in_several() {
    let one = Address::parse(&["http://a/reports, http://b:80,http://c"]).unwrap();
    let many = Address::parse(&["http://a", "http://b:80/reports,http://c"]).unwrap();
    assert_eq!(bases(&one), ["http://a:9200", "http://b:80", "http://c:9200"]);
    assert_eq!(one, many);
}

#[test]
fn what_is_shown_can_be_written_and_has_no_user() {
    let address = parse("https://ann:secret@a,https://b:443/reports").unwrap();
    assert_eq!(address.to_string(), "https://a:9200,https://b:443/reports");
    assert_eq!(address.cluster(), "https://a:9200, https://b:443");
    assert_eq!(
        format!("{address:?} {:?}", address.nodes()),
        "Address(https://a:9200,https://b:443/reports) [Node(https://a:9200), \
         Node(https://b:443)]"
    );
    let again = parse(&address.to_string()).unwrap();
    assert_eq!((bases(&again), again.name()), (bases(&address), address.name()));
}

#[test]
fn nodes_without_a_user_have_the_first_that_is_written_then_the_one_given_apart() {
    let sent = |text: &str| {
        let address = parse(text).unwrap().with_credentials("env", "e:1").unwrap();
        senders(&address).into_iter().map(Option::unwrap).collect::<Vec<_>>()
    };
    assert_eq!(sent("http://a,http://b"), ["env:e:1", "env:e:1"]);
    assert_eq!(sent("http://a,http://u:1@b,http://v:2@c"), ["u:1", "u:1", "v:2"]);
    assert_eq!(sent("http://u:@a"), ["u:"]);
}

#[test]
fn user_and_password_are_decoded() {
    let address = parse("http://o%27ann:p%2Fa%3a%40%2c%25%C3%A9:@a").unwrap();
    assert_eq!(senders(&address), [Some("o'ann:p/a:@,%é:".to_owned())]);
    // Of several @ the last ends them: no host has one.
    assert_eq!(senders(&parse("http://u:p@ss@a").unwrap()), [Some("u:p@ss".to_owned())]);
}

#[test]
fn trusted_certificates_are_those_of_the_file_if_there_is_one() {
    let address = parse("https://a").unwrap();
    assert_eq!(address.ca(), None);
    assert_eq!(address.with_ca("own.pem").ca(), Some(Path::new("own.pem")));
}

/// The message about a text.
fn said(text: &str) -> String {
    parse(text).expect_err(text).to_string()
}

#[test]
fn every_fault_says_what_to_write_instead() {
    insta::assert_snapshot!(Address::parse(&[""; 0]).unwrap_err(), @"there is no address of a cluster; write one like https://host:9200");
    insta::assert_snapshot!(said(" , "), @"there is no address of a cluster; write one like https://host:9200");
    insta::assert_snapshot!(said("http://a,"), @"address 2 of the cluster is blank; write an address there, or leave its comma out");
    insta::assert_snapshot!(said("a:9200"), @"the address of the cluster does not begin with http:// or https://; write it like https://host:9200, and a comma in a password as %2C");
    insta::assert_snapshot!(said("https://u:p,w@a"), @"address 2 of the cluster does not begin with http:// or https://; write it like https://host:9200, and a comma in a password as %2C");
    insta::assert_snapshot!(said("http://a,https://b"), @"some addresses of the cluster begin with http:// and others with https://; write the same for all");
    insta::assert_snapshot!(said("http://u:p/w@a"), @"the user or the password in the address of the cluster contains a sign that ends it; write / as %2F, ? as %3F, # as %23, @ as %40, : as %3A, a comma as %2C and % as %25");
    insta::assert_snapshot!(said("http://u:50%@a"), @"the user or the password in the address of the cluster is not percent-encoded UTF-8; write % as %25, and other signs as % and two hexadecimal digits for each byte");
    insta::assert_snapshot!(said("http://u@a"), @"the address of the cluster has only one of user and password; write user:password@ before the host, or neither");
    insta::assert_snapshot!(said("http://u%3Av:p@a"), @"the user is blank or contains a colon, or user or password contain a control character such as a line break; neither can be sent, so write others");
    insta::assert_snapshot!(said("http://:9200"), @"the host in the address of the cluster is not one; write a name such as search.example.org, an address such as 10.0.0.7, or one in brackets such as [fd00::7]");
    insta::assert_snapshot!(said("http://a,http://b:https"), @"the port in address 2 of the cluster is not a number from 1 to 65535; write it like https://host:9200");
    insta::assert_snapshot!(said("http://a/one/two"), @"the address of the cluster has more after the host than the name of the corpus; write it like https://host:9200/findings");
    insta::assert_snapshot!(said("http://a/Reports"), @"the name of the corpus in the address of the cluster is not one; write at most 60 lower-case letters, digits, - and _, the first a letter, as in https://host:9200/findings");
    insta::assert_snapshot!(said("http://a/one,http://b,http://c/two"), @"address 3 of the cluster names another corpus than an address before it; write the same in all, or one name in one of them");
    insta::assert_snapshot!(said("http://a,http://A:9200"), @"address 2 of the cluster is of the same node as an address before it; write each node once");
}

#[test]
fn what_is_not_quite_an_address_is_refused() {
    for text in ["ftp://a", "://a", "http:/a", "u:p@a", "//a"] {
        assert!(matches!(parse(text), Err(AddressError::Scheme { .. })), "{text}");
    }
    for text in [
        "http://",
        "http:///r",
        "http://a b",
        "http://a..b",
        "http://.a",
        "http://ü",
        "http://1.2.3",
        "http://1.2.3.256",
        "http://a.7",
        "http://[::1",
        "http://[1.2.3.4]",
        "http://[fe80::1%25eth0]",
        "http://::1",
        "http://[::1]a",
        "http://u:p@",
    ] {
        // Where there are several colons, the second looks like the beginning of a port.
        let is_refused =
            matches!(parse(text), Err(AddressError::Host { .. } | AddressError::Port { .. }));
        assert!(is_refused, "{text}: {:?}", parse(text));
    }
    for text in ["http://a:", "http://a:0", "http://a:65536", "http://a:+80", "http://a: 80"] {
        assert!(matches!(parse(text), Err(AddressError::Port { .. })), "{text}");
    }
    for text in ["http://a?x", "http://a#x", "http://a//", "http://a//r", "http://a/r?x"] {
        assert!(matches!(parse(text), Err(AddressError::Path { .. })), "{text}");
    }
    let long = format!("http://a/{}", "r".repeat(61));
    for text in ["http://a/1r", "http://a/_r", "http://a/r.s", "http://a/é", "http://a/*", &long] {
        assert!(matches!(parse(text), Err(AddressError::Name { .. })), "{text}");
    }
    assert!(parse(&long[..long.len() - 1]).is_ok());
    for text in ["http://u:%4@a", "http://u:%zz@a", "http://%:p@a", "http://u:%FF@a"] {
        assert!(matches!(parse(text), Err(AddressError::Encoding { .. })), "{text}");
    }
    for text in ["http://:p@a", "http://@a", "http://u@a", "http://%75@a"] {
        assert!(matches!(parse(text), Err(AddressError::Half { .. })), "{text}");
    }
    assert_eq!(parse("http://u:p%0A@a"), Err(AddressError::Credentials));
    for (user, password) in [("", "p"), ("u:v", "p"), ("u\n", "p"), ("u", "p\r\n")] {
        let given = parse("http://a").unwrap().with_credentials(user, password);
        assert_eq!(given, Err(AddressError::Credentials), "{user:?} {password:?}");
    }
}

/// Passwords that can be recognised, with whatever may be misread between their ends.
fn passwords() -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        "[/?#@:,%\\[\\] ]",
        any::<char>().prop_map(String::from),
        Just("://".to_owned()),
        Just(",http://".to_owned()),
        Just("%2F".to_owned()),
    ];
    proptest::collection::vec(sign, 0..8).prop_map(|signs| format!("qzq{}zqz", signs.concat()))
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

proptest! {
    #[test]
    fn a_password_is_shown_nowhere(
        password in passwords(),
        is_encoded: bool,
        before in prop_oneof!["http://", "https://", "ftp://", "", "http://a,http://"],
        user in prop_oneof!["ann:", ":", "a%n:"],
        after in prop_oneof!["@a", "@a:1/r,http://b", "@", "", "@[::1]/A", "/@a", "@a/r/s", ",@b"],
    ) {
        let written = if is_encoded { encoded(&password) } else { password.clone() };
        let parsed = parse(&format!("{before}{user}{written}{after}"));
        let shown = match &parsed {
            Ok(address) => format!("{address} {address:?} {:?}", address.nodes()),
            Err(error) => format!("{error} {error:?}"),
        };
        let given = parse("https://a").unwrap().with_credentials(&password, &password);
        let shown = format!("{shown} {given:?}").to_lowercase();
        let codes = parsed.iter().flat_map(Address::nodes).filter_map(super::Node::authorization);
        for secret in ["qzq", "zqz", &encoded("qzq"), "ann"]
            .into_iter()
            .chain(codes.map(|code| &code["Basic ".len()..]))
        {
            proptest::prop_assert!(!shown.contains(&secret.to_lowercase()), "{}", shown);
        }
    }

    #[test]
    fn any_text_is_an_address_that_can_be_written_again_or_refused(text in "(https?://)?.{0,40}") {
        if let Ok(address) = parse(&text) {
            let again = parse(&address.to_string()).unwrap();
            proptest::prop_assert_eq!((bases(&again), again.name()), (bases(&address), address.name()));
        }
    }
}
