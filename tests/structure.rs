//! How the project is put together: which module may know which, what must never be left in the code, and what every built-in
//! definition has.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};

use bandwise::instrument::{Instrument, Rule, Wording, built_in_ids, built_in_text, load};
use bandwise::scoring::check_examples;

/// The modules from top to bottom: each may name those below it only. Two on one line do not know each other.
const FROM_TOP_TO_BOTTOM: [&[&str]; 18] = [
    &["cli"],
    &["batch"],
    &["report"],
    &["sql"],
    &["cohort"],
    &["privacy"],
    &["change"],
    &["quality"],
    &["entry"],
    &["flags"],
    &["scoring"],
    &["matching"],
    &["input"],
    &["instrument"],
    &["stats"],
    &["findings"],
    &["output"],
    &["provenance"],
];

const LONGEST_FILE: usize = 600;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under a folder of the project with its path from the root, in order; none if there is no such folder.
fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(PathBuf, String)> {
    let files = files("src", "rs");
    assert!(files.len() > 40, "the sources are found");
    files
}

/// The code of a file without its comments: what stands behind `//` outside quotation marks goes.
fn code(text: &str) -> String {
    text.lines().map(|line| line[..comment_start(line)].to_owned() + "\n").collect()
}

fn comment_start(line: &str) -> usize {
    let is_quoted = |at: usize| line[..at].matches('"').count() - line[..at].matches("\\\"").count();
    line.match_indices("//").map(|(at, _)| at).find(|at| is_quoted(*at) % 2 == 0).unwrap_or(line.len())
}

/// The module of `src/<module>/…` or `src/<module>.rs`; the binary's root is part of `cli`.
fn module_of(path: &Path) -> Option<String> {
    let first = path.strip_prefix("src").unwrap().iter().next()?.to_str()?;
    match first.strip_suffix(".rs").unwrap_or(first) {
        "lib" => None,
        "main" => Some("cli".to_owned()),
        module => Some(module.to_owned()),
    }
}

fn rank(module: &str) -> Option<usize> {
    FROM_TOP_TO_BOTTOM.iter().position(|level| level.contains(&module))
}

/// The first names of all paths that begin at the crate's root: `crate::a::B`, `crate::{a::B, c}`.
fn named_modules(code: &str, root: &str) -> Vec<String> {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    let first_name = |text: &str| text.chars().take_while(|character| is_name(*character)).collect::<String>();
    let mut names = Vec::new();
    for (at, _) in code.match_indices(root) {
        if code[..at].ends_with(is_name) || code[..at].ends_with('$') {
            continue;
        }
        let rest = code[at + root.len()..].trim_start();
        match rest.strip_prefix('{') {
            None => names.push(first_name(rest)),
            Some(group) => {
                let mut depth = 1;
                let mut starts = vec![0];
                for (at, character) in group.char_indices() {
                    depth += i32::from(character == '{') - i32::from(character == '}');
                    if depth == 0 {
                        break;
                    }
                    starts.extend((depth == 1 && character == ',').then_some(at + 1));
                }
                names.extend(starts.iter().map(|start| first_name(group[*start..].trim_start())));
            }
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn paths_are_found_in_every_writing() {
    for (code, expected) in [
        ("use crate::findings::Code;", vec!["findings"]),
        ("use crate::{findings::{Code, Place}, input, stats::mean};", vec!["findings", "input", "stats"]),
        ("fn f() -> crate::instrument::Number { crate::scoring::Scorer::new() }", vec!["instrument", "scoring"]),
        ("use other_crate::name;", vec![]),
    ] {
        assert_eq!(named_modules(code, "crate::"), expected, "{code}");
    }
    assert_eq!(code("let a = \"http://x\"; // crate::b"), "let a = \"http://x\"; \n");
}

#[test]
fn dependencies_point_down_the_list_only() {
    let mut upward = Vec::new();
    for (path, text) in sources() {
        let Some(module) = module_of(&path) else { continue };
        let own = rank(&module).unwrap_or_else(|| panic!("{}: module `{module}` has no place in the list", path.display()));
        let named = named_modules(&code(&text), if module == "cli" { "bandwise::" } else { "crate::" });
        for name in named.iter().filter(|name| **name != module) {
            match rank(name) {
                Some(other) if other > own => {}
                Some(_) => upward.push(format!("{} names `{name}`", path.display())),
                None => panic!("{}: `{name}` has no place in the list", path.display()),
            }
        }
    }
    upward.dedup();
    assert!(upward.is_empty(), "a module names one that is not below it:\n{}", upward.join("\n"));
}

/// Only `crate::` reaches another module, so that the test above sees every arrow.
#[test]
fn no_path_climbs_out_of_its_module() {
    for (path, text) in sources() {
        let code = code(&text);
        // In a module's own file `super` is the crate's root, but for the tests at its end.
        let body = code.split("#[cfg(test)]").next().unwrap_or_default();
        let is_top = path.file_name().is_some_and(|name| name == "mod.rs") || path.iter().count() == 2;
        assert!(!body.contains("super::super"), "{}", path.display());
        assert!(!(is_top && body.contains("super::")), "{}", path.display());
        assert!(!body.contains("pub(super) use crate") && !body.contains("extern crate"), "{}", path.display());
    }
}

/// The library never names the binary's package name, and the binary sees the library's public items only.
#[test]
fn the_binary_and_the_library_are_apart() {
    for (path, text) in sources() {
        let code = code(&text);
        if module_of(&path).as_deref() == Some("cli") {
            assert!(named_modules(&code, "crate::").iter().all(|name| name == "cli"), "{}", path.display());
        } else {
            assert_eq!(named_modules(&code, "bandwise::"), Vec::<String>::new(), "{}", path.display());
        }
    }
}

#[test]
fn no_source_file_is_too_long() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines", path.display());
    }
}

#[test]
fn nothing_unfinished_is_left() {
    // Put together here, so that this file does not find itself.
    let marks = [concat!("to", "do!"), concat!("db", "g!"), concat!("FIX", "ME"), concat!("TO", "DO"), concat!("unimpl", "emented!")];
    let all = ["src", "tests", "benches"].into_iter().flat_map(|folder| files(folder, "rs")).chain(files("instruments", "toml"));
    for (path, text) in all {
        for mark in marks {
            assert!(!text.contains(mark), "{}: {mark}", path.display());
        }
    }
}

#[test]
fn the_library_prints_nothing_and_nothing_opens_a_socket() {
    for (path, text) in sources() {
        let code = code(&text);
        for socket in ["std::net", "net::", "TcpStream", "TcpListener", "UdpSocket", "UnixStream"] {
            assert!(!code.contains(socket), "{}: {socket}", path.display());
        }
        if module_of(&path).as_deref() == Some("cli") {
            continue;
        }
        for printing in ["print!", "println!", "eprint!", "eprintln!", "io::stdout", "io::stderr", "process::exit", "env::var", "home_dir"]
        {
            assert!(!code.contains(printing), "{}: {printing}", path.display());
        }
    }
}

#[test]
fn every_dependency_has_its_reason_on_its_line() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut is_dependency = false;
    let mut seen = 0;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            is_dependency = line.trim_end_matches(']').ends_with("dependencies");
            assert!(!line.contains("dependencies."), "a dependency has one line: {line}");
        } else if is_dependency && !line.is_empty() && !line.starts_with('#') {
            seen += 1;
            let reason = line.split_once(" # ").map_or("", |(_, reason)| reason.trim());
            assert!(reason.split_whitespace().count() >= 1 && reason.len() > 4, "no reason: {line}");
        }
    }
    assert!(seen > 20, "the dependencies are found");
}

// ---- definitions

fn built_ins() -> impl Iterator<Item = Instrument> {
    built_in_ids().map(|id| load(id).unwrap().0)
}

#[test]
fn every_definition_file_is_in_the_library_under_its_own_id() {
    let mut on_disk = Vec::new();
    for (path, text) in files("instruments", "toml") {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert_eq!(built_in_text(&name), Some(text.as_str()), "{name} is in the library as it is in the folder");
        assert_eq!(*load(&name).unwrap().0.id, *name);
        on_disk.push(name);
    }
    on_disk.sort_unstable();
    let mut in_library: Vec<&str> = built_in_ids().collect();
    in_library.sort_unstable();
    assert_eq!(in_library, on_disk);
}

#[test]
fn every_definition_has_four_worked_examples_and_they_come_out() {
    for id in built_in_ids() {
        let (instrument, notes) = load(id).unwrap();
        assert_eq!(notes, [], "{id} is read without a finding");
        assert!(instrument.examples.len() >= 4, "{id}");
        assert_eq!(check_examples(&instrument), [], "{id}");
        for scale in 0..instrument.scales.len() {
            let is_tested = instrument.examples.iter().any(|example| example.expect.iter().any(|(expected, _, _)| *expected == scale));
            assert!(is_tested, "{id}: no example has `{}`", instrument.scales[scale].id);
        }
    }
}

#[test]
fn every_definition_refers_to_forms_that_are_there() {
    for instrument in built_ins() {
        for other in &instrument.comparable_with {
            let (other, _) = load(other).unwrap();
            assert!(other.comparable_with.contains(&instrument.id.to_string()), "{} and {} name each other", instrument.id, other.id);
        }
    }
}

/// What a form's scales are, without the places of its items, which differ between forms.
fn scales(instrument: &Instrument) -> Vec<String> {
    let item = |index: &usize| instrument.items[*index].id.to_string();
    let rule = |rule: &Rule| match rule {
        Rule::Scales(parts) => format!("{:?}", parts.iter().map(|part| &instrument.scales[*part].id).collect::<Vec<_>>()),
        Rule::Items { items, method, missing, gate } => {
            let items: Vec<_> = items.iter().map(|entry| (item(&entry.item), entry.reversed, &entry.points)).collect();
            let gate = gate.as_ref().map(|gate| (item(&gate.item), gate.closed_by, gate.score, gate.blank));
            format!("{items:?} {method:?} {missing:?} {gate:?}")
        }
        Rule::Of { .. } | Rule::Conditions { .. } => panic!("no follow-up form has such a scale: {rule:?}"),
    };
    let scale = |scale: &bandwise::instrument::Scale| {
        let block = scale.block.map(|block| &instrument.blocks[block].id);
        format!("{} {} {} {:?} {block:?} {} {:?}", scale.id, scale.name, scale.main, scale.better, rule(&scale.rule), scale.range)
    };
    instrument.scales.iter().map(scale).collect()
}

/// What a form's bands are, without their source and without what is known of the baseline's form only: whom a list finds anywhere.
fn bands(instrument: &Instrument) -> Vec<String> {
    let set = |set: &bandwise::instrument::BandSet| {
        let lists: Vec<_> = set.flag_lists.iter().map(|list| (&list.heading, &list.scales)).collect();
        format!("{} {:?} {} {lists:?}", set.id, set.scales, set.flag_from)
    };
    instrument.bands.iter().map(set).collect()
}

#[test]
fn a_follow_up_form_is_scored_like_its_baseline() {
    let mut pairs = 0;
    for follow_up in built_ins() {
        let Some(baseline) = follow_up.id.strip_suffix("-followup") else { continue };
        let (baseline, _) = load(baseline).unwrap();
        pairs += 1;
        assert_eq!(scales(&follow_up), scales(&baseline), "{}", follow_up.id);
        assert_eq!(bands(&follow_up), bands(&baseline), "{}", follow_up.id);
        assert_eq!(follow_up.default_bands, baseline.default_bands);
        assert_eq!(
            (follow_up.informant, follow_up.ages, &follow_up.family),
            (baseline.informant, baseline.ages, &baseline.family),
            "{}",
            follow_up.id
        );
        assert!(follow_up.comparable_with.iter().any(|other| **other == *baseline.id));
    }
    assert_eq!(pairs, 3);
}

#[test]
fn sdq_forms_say_that_they_do_not_ask_about_self_harm() {
    for instrument in built_ins().filter(|instrument| instrument.family == "sdq") {
        let says_so = instrument.notices().iter().any(|notice| notice.contains("no question about self-harm or suicide"));
        assert!(says_so, "{}", instrument.id);
    }
}

/// The wording of the SDQ may not be passed on. A word or two finds a column; more would be part of a question.
#[test]
fn no_definition_holds_the_wording_of_a_question() {
    for instrument in built_ins() {
        assert_ne!(instrument.wording, Wording::Shipped, "{}", instrument.id);
        let of_items = instrument.items.iter().flat_map(|item| &item.matches);
        for phrase in of_items.chain(instrument.not_asked.iter().flat_map(|question| &question.matches)) {
            assert!(phrase.split_whitespace().count() <= 2, "{}: `{phrase}`", instrument.id);
        }
        for item in &instrument.items {
            assert!(item.matches.len() <= 3, "{}: `{}` has so many match words that they make up its question", instrument.id, item.id);
        }
    }
}
