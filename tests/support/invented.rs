//! An invented report, and the program under test.

/// The program under test, which is its own worker.
pub(crate) const FINDINGS: &str = env!("CARGO_BIN_EXE_findings");

/// The text of a report on this authority, begun on this day of June 2012, published on a day of
/// July, with this sentence in it.
pub(crate) fn report(authority: &str, began: u8, published: u8, sentence: &str) -> String {
    format!(
        "Inspection of safeguarding and looked after children services\n\n\
         {authority}\n\n\
         Inspection dates: {began}-30 June 2012\n\n\
         Reporting inspector: Ada Example HMI\n\n\
         Age group: All\n\n\
         Published: {published} July 2012\n\n\
         Safeguarding services\n\n\
         Overall effectiveness Grade 3 (adequate)\n\n\
         1. {sentence}\n\n\
         2. The council keeps a register of every child who is missing from home, and looks \
         through it with the police every month. Managers know where each child was found, by \
         whom, and what was done so that it would not happen again.\n"
    )
}
