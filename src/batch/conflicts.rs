//! Whether the outputs of a term file get in each other's way, or in the way of what is read.

use std::path::{Component, Path, PathBuf};

use super::RECORD_FILE;
use super::term::{Files, Holds, Job, JobOutput, TermFile};
use crate::findings::{Code, Finding};

/// Two outputs with one name, and outputs that are read by a job. Paths are from the folder in which the program is at work.
pub fn conflicts(term: &TermFile, term_file: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut written: Vec<(PathBuf, &str)> = Vec::new();
    for job in &term.jobs {
        for output in &job.outputs {
            for file in files_of(output) {
                let place = place_of(&file);
                let other = written.iter().find(|(known, _)| *known == place);
                let reader = term.jobs.iter().find(|reader| is_read(reader, &place, &file));
                let message = if let Some((_, other)) = other {
                    Some((Code::J006, format!("`{}` is written by job `{other}` already", file.display())))
                } else if place == place_of(Path::new(RECORD_FILE)) || place == place_of(term_file) {
                    Some((Code::J006, format!("`{}` is what says what is run, and what ran", file.display())))
                } else {
                    reader.map(|reader| (Code::J007, format!("`{}` is read by job `{}`", file.display(), reader.name)))
                };
                // The file beside an output has the same problem as the output itself.
                let is_told = findings.last().is_some_and(|last: &Finding| last.place == output.place);
                if let Some((code, message)) = message.filter(|_| !is_told) {
                    findings.push(
                        Finding::new(code, output.place.clone(), message).help("write it under another name, or into another folder"),
                    );
                }
                written.push((place, &job.name));
            }
        }
    }
    findings
}

/// The file of an output, and what is known to be written beside it.
fn files_of(output: &JobOutput) -> Vec<PathBuf> {
    let file = PathBuf::from(&output.file);
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let mut files = Vec::new();
    if matches!(extension.as_deref(), Some("csv" | "ndjson" | "jsonl")) {
        let mut beside = file.clone().into_os_string();
        beside.push(".provenance.json");
        files.push(beside.into());
    }
    files.insert(0, file);
    let beside = output.settings.iter().filter(|setting| setting.holds == Holds::Output);
    files.extend(beside.flat_map(|setting| &setting.values).map(PathBuf::from));
    files
}

fn is_read(job: &Job, place: &Path, file: &Path) -> bool {
    let both = job.outputs.iter().any(|output| output.files == Files::BothTimes);
    let baseline = job.baseline.iter().filter(|_| both);
    let settings = job.outputs.iter().flat_map(|output| &output.settings);
    let named =
        settings.filter(|setting| setting.holds == Holds::Inputs || setting.option == "instrument").flat_map(|setting| &setting.values);
    job.responses.iter().chain(baseline).any(|pattern| place_of(Path::new(pattern)) == *place || fits(pattern, file))
        || named.into_iter().any(|input| place_of(Path::new(input)) == *place)
}

/// Whether a pattern would find the file next time.
fn fits(pattern: &str, file: &Path) -> bool {
    pattern.contains(['*', '?', '['])
        && glob::Pattern::new(&plain(Path::new(pattern)).to_string_lossy()).is_ok_and(|pattern| {
            let options = glob::MatchOptions { require_literal_separator: true, ..glob::MatchOptions::default() };
            pattern.matches_path_with(&plain(file), options)
        })
}

/// The path without `.`, and without `..` where it can be told.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// Where a file is, whatever its path says; it need not be there yet.
fn place_of(path: &Path) -> PathBuf {
    let path = plain(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match (folder.canonicalize(), path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_each_other_by_where_they_lead() {
        for (path, expected) in [("a/./b.csv", "a/b.csv"), ("./a.csv", "a.csv"), ("a/../b.csv", "b.csv"), ("../b.csv", "../b.csv")] {
            assert_eq!(plain(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[test]
    fn a_pattern_finds_what_stands_in_its_folder() {
        for (pattern, file, expected) in [
            ("forms/*.csv", "forms/scores.csv", true),
            ("./forms/*.csv", "forms/scores.csv", true),
            ("forms/*.csv", "out/scores.csv", false),
            ("*.csv", "out/scores.csv", false),
            ("forms/year-?.csv", "forms/year-7.csv", true),
            ("forms/year-7.csv", "forms/year-7.csv", false),
        ] {
            assert_eq!(fits(pattern, Path::new(file)), expected, "{pattern} {file}");
        }
    }
}
