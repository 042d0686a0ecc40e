//! Measures the whole program: a build over a folder of reports, compared with `pdftotext` on the
//! same PDFs, the memory of the build, and a search from the start of the process to its last
//! output.
//!
//! ```text
//! FINDINGS_CORPUS=folder cargo bench --bench pipeline
//! cargo bench --bench pipeline                         the samples, copied many times
//! cargo bench --bench pipeline -- --quick              fewer copies and runs, a rough figure only
//! ```
//! `--rounds N` repeats build and `pdftotext` in turn; the median counts.
//!
//! CPU time is the sum over all processes, because the build reads files in separate processes.
//! Memory is the largest sum over these processes, measured every five milliseconds; "own" excludes
//! the program and the files it reads, which processes share. Files are read once before the first
//! measurement, so that all are in memory. The copies of a sample differ by one invisible line,
//! because a build reads only one of several identical files.
//!
//! `pdftotext` starts once per file, which costs some milliseconds each, and gives lines without
//! structure; the build also recognises, parses and indexes, and reads the files of other formats.
//! The ratio is meaningful only on a folder of real PDFs: the samples are a page or two long and
//! half of them are not PDFs, so that fixed costs dominate. The cost of a cold disk is not
//! measured. On a busy machine trust CPU time: wall time includes the wait for a processor. Linux
//! only, because of the way memory is measured.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the tables are what a bench is for")]

#[cfg(target_os = "linux")]
mod processes;

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("not measured: memory and CPU time of several processes are looked at on Linux only");
}

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    measured::main()
}

#[cfg(target_os = "linux")]
mod measured {
    use crate::processes::{self, Taken};
    use findings::extract::{self, Format, Limits};
    use std::error::Error;
    use std::fs::{self, File};
    use std::io::{ErrorKind, Read};
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    /// The searches that are timed, each in a new process.
    const SEARCHES: [(&str, &[&str]); 3] = [
        ("phrase", &["\"return interview\""]),
        ("phrase, two facets", &["\"return interview\"", "--facets", "grade,authority"]),
        (
            "two words, two facets, filter",
            &["missing", "interviews", "--facets", "grade,authority", "--framework", "ilacs"],
        ),
    ];

    struct Options {
        copies: usize,
        rounds: usize,
        searches: usize,
    }

    pub(crate) fn main() -> Result<(), Box<dyn Error>> {
        let options = options()?;
        let scratch = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let folder = match std::env::var_os("FINDINGS_CORPUS") {
            Some(folder) => PathBuf::from(folder),
            None => {
                let copies = scratch.path().join("reports");
                copy_samples(&copies, options.copies)?;
                copies
            }
        };
        let mut files = Vec::new();
        find(&folder, &mut files)?;
        let (bytes, pdfs) = read(&files)?;
        println!(
            "{} files, {:.1} MB, {} of them PDFs; middle of {}\n",
            files.len(),
            bytes as f64 / 1e6,
            pdfs.len(),
            options.rounds,
        );

        let index = scratch.path().join("index");
        let (mut builds, mut again, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        let mut extractions = Vec::new();
        for _ in 0..options.rounds {
            if index.exists() {
                fs::remove_dir_all(&index)?;
            }
            builds.push(build(&folder, &index)?);
            again.push(build(&folder, &index)?);
            texts.extend(pdftotext(&pdfs)?);
            extractions.push(extraction(&pdfs)?);
        }
        let build = middle(&builds);
        println!("{:<32}{:>9}{:>9}{:>12}{:>9}", "", "CPU s", "wall s", "resident MB", "own MB");
        let line = |name: &str, taken: &Taken| {
            let memory = [taken.memory.resident, taken.memory.own]
                .map(|bytes| format!("{:.0}", bytes as f64 / 1e6));
            println!(
                "{name:<32}{:>9.2}{:>9.2}{:>12}{:>9}",
                taken.cpu, taken.wall, memory[0], memory[1]
            );
        };
        line("findings index", &build);
        line("findings index, nothing changed", &middle(&again));
        let extraction = middle(&extractions);
        println!(
            "{:<32}{:>9.2}{:>9.2}",
            "extraction of PDFs alone", extraction.cpu, extraction.wall
        );
        if texts.is_empty() {
            println!("\nNOT COMPARED: `pdftotext` is not installed (poppler-utils has it)");
        } else {
            let text = middle(&texts);
            println!("{:<32}{:>9.2}{:>9.2}", "pdftotext", text.cpu, text.wall);
            println!(
                "\nCPU, build / pdftotext: {:.2} (aim: at most 0.5, with 0.4 in view)",
                build.cpu / text.cpu
            );
        }
        println!(
            "CPU, build / extraction alone: {:.2} (aim: at most 1.6)",
            build.cpu / extraction.cpu
        );
        println!("memory aims: under 400 MB, with 300 MB in view\n");

        println!("{:<32}{:>9}{:>9}{:>12}", "search, ms", "middle", "p95", "CPU, middle");
        for (name, arguments) in SEARCHES {
            let mut runs = Vec::new();
            // The first few warm up.
            for _ in 0..options.searches + 3 {
                let mut command = findings(&index);
                command.arg("search").args(arguments);
                let (status, taken) = processes::run(&mut command)?;
                // 1 is also an answer: nothing was found.
                if !matches!(status.code(), Some(0 | 1)) {
                    return Err(
                        format!("`findings search {arguments:?}` ended with {status}").into()
                    );
                }
                runs.push(taken);
            }
            let of = |part: fn(&Taken) -> f64, share| {
                1e3 * quantile(runs[3..].iter().map(part).collect(), share)
            };
            println!(
                "{name:<32}{:>9.1}{:>9.1}{:>12.1}",
                of(|taken| taken.wall, 0.5),
                of(|taken| taken.wall, 0.95),
                of(|taken| taken.cpu, 0.5),
            );
        }
        println!("aim: under 30 ms, with 10 ms in view");
        Ok(())
    }

    fn options() -> Result<Options, Box<dyn Error>> {
        let mut options = Options { copies: 25, rounds: 3, searches: 40 };
        // `--bench` is added by cargo.
        let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--quick" => options = Options { copies: 2, rounds: 1, searches: 5 },
                "--rounds" => {
                    let number = arguments.next().unwrap_or_default();
                    options.rounds = number.parse::<std::num::NonZeroUsize>()?.get();
                }
                unknown => {
                    let known = "the options are --quick and --rounds N";
                    return Err(format!("unknown option `{unknown}`; {known}").into());
                }
            }
        }
        Ok(options)
    }

    fn findings(index: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_findings"));
        command.arg("--index").arg(index);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    fn build(folder: &Path, index: &Path) -> Result<Taken, Box<dyn Error>> {
        let (status, taken) = processes::watch(findings(index).arg("index").arg(folder))?;
        // 2 is also a build: some file could not be read.
        match status.code() {
            Some(0) => {}
            Some(2) if index.exists() => {
                eprintln!("the build ended with 2: some files could not be read");
            }
            _ => return Err(format!("`findings index` ended with {status}").into()),
        }
        Ok(taken)
    }

    /// Extracts the text of every PDF, in this process and without further steps; of identical
    /// files only one, as in a build.
    fn extraction(pdfs: &[&PathBuf]) -> Result<Taken, Box<dyn Error>> {
        let mut met = std::collections::HashSet::new();
        let (began, before) = (std::time::Instant::now(), processes::own_cpu()?);
        for pdf in pdfs {
            let bytes = fs::read(pdf)?;
            let mut hasher = std::hash::DefaultHasher::new();
            std::hash::Hash::hash(&bytes, &mut hasher);
            if met.insert(std::hash::Hasher::finish(&hasher)) {
                // The time for a damaged file counts too.
                let _ = extract::read(Format::Pdf, &bytes, &Limits::default());
            }
        }
        let cpu = processes::own_cpu()? - before;
        Ok(Taken { cpu, wall: began.elapsed().as_secs_f64(), ..Taken::default() })
    }

    /// Runs `pdftotext`; `None` if it is not installed.
    fn pdftotext(pdfs: &[&PathBuf]) -> Result<Option<Taken>, Box<dyn Error>> {
        let mut sum = Taken::default();
        for pdf in pdfs {
            let mut command = Command::new("pdftotext");
            command.arg(pdf).arg("-");
            command.stdout(Stdio::null()).stderr(Stdio::null());
            match processes::run(&mut command) {
                Ok((_, taken)) => {
                    sum.cpu += taken.cpu;
                    sum.wall += taken.wall;
                }
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
        Ok((!pdfs.is_empty()).then_some(sum))
    }

    fn find(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                find(&path, files)?;
            } else {
                files.push(path);
            }
        }
        files.sort();
        Ok(())
    }

    /// Reads every file, so that later reads do not touch the disk; returns their size and the
    /// PDFs.
    fn read(files: &[PathBuf]) -> std::io::Result<(usize, Vec<&PathBuf>)> {
        let (mut size, mut pdfs) = (0, Vec::new());
        let mut bytes = Vec::new();
        for path in files {
            bytes.clear();
            File::open(path)?.read_to_end(&mut bytes)?;
            size += bytes.len();
            if bytes.starts_with(b"%PDF-") {
                pdfs.push(path);
            }
        }
        Ok((size, pdfs))
    }

    fn copy_samples(to: &Path, copies: usize) -> Result<(), Box<dyn Error>> {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/reports");
        let mut files = Vec::new();
        find(&samples, &mut files)?;
        for copy in 0..copies {
            let folder = to.join(copy.to_string());
            fs::create_dir_all(&folder)?;
            for file in &files {
                let mut bytes = fs::read(file)?;
                let ending = file.extension().and_then(|ending| ending.to_str());
                let mark = match ending {
                    Some("pdf") => format!("\n% {copy}\n"),
                    Some("html" | "md") => format!("\n\n<!-- {copy} -->\n"),
                    _ => "\n".repeat(copy + 1),
                };
                bytes.extend_from_slice(mark.as_bytes());
                let name = file.file_name().ok_or("a sample has no name")?;
                fs::write(folder.join(name), bytes)?;
            }
        }
        Ok(())
    }

    /// The median of each time by itself; for memory the maximum of all runs.
    fn middle(runs: &[Taken]) -> Taken {
        let of = |part: fn(&Taken) -> f64| quantile(runs.iter().map(part).collect(), 0.5);
        let mut middle =
            Taken { cpu: of(|taken| taken.cpu), wall: of(|taken| taken.wall), ..Taken::default() };
        for run in runs {
            middle.memory.resident = middle.memory.resident.max(run.memory.resident);
            middle.memory.own = middle.memory.own.max(run.memory.own);
        }
        middle
    }

    fn quantile(mut samples: Vec<f64>, share: f64) -> f64 {
        samples.sort_unstable_by(f64::total_cmp);
        let last = samples.len() - 1;
        samples[(last as f64 * share).round() as usize]
    }
}
