//! `bandwise` without arguments, or with a file dropped onto it: a few plain questions, then the scores in a file, the flag list, and
//! the command that would do it again.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use bandwise::findings::{count_of, printable};
use bandwise::input::{Input, InputOptions, ReadError, Table};
use bandwise::instrument::{Instrument, LoadError, built_in_ids, load};
use bandwise::matching::{Fit, FitKind, Header, fitting};
use clap::Parser;

use super::dialogue::{Dialogue, EndOfInput, chosen, numbers};
use super::printer::Printer;
use super::shell::Shell;
use super::target::{format_of, is_one_file};
use super::{Arguments, Command, Outcome, flag, score};

/// How many questionnaires, or files, are listed to choose from.
const LISTED: usize = 8;

/// With what the questions begin.
#[derive(Debug)]
pub(crate) enum Start {
    /// With a file that was dropped onto the program.
    File(PathBuf),
    /// With nothing.
    Nothing,
}

/// Whether questions are to be asked: somebody sits before a terminal, and has given nothing or one file.
pub(crate) fn wanted(arguments: &[std::ffi::OsString]) -> Option<Start> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return None;
    }
    match arguments {
        [] => Some(Start::Nothing),
        [file] => Some(Start::File(PathBuf::from(file))).filter(|_| is_dropped(Path::new(file))),
        _ => None,
    }
}

/// Whether the only argument is a file and no command; a command with the name of a file is a command.
fn is_dropped(path: &Path) -> bool {
    let is_command = path.to_str().is_some_and(|word| {
        use clap::CommandFactory as _;
        Arguments::command().get_subcommands().any(|command| command.get_name() == word) || word == "help"
    });
    !is_command && path.is_file()
}

/// Asks on the terminal. Where a window was opened for the program alone, it stays open until it was read.
pub(crate) fn on_terminal(start: Start, printer: &Printer) -> Result<Outcome> {
    let mut dialogue = Dialogue::new(io::stdin().lock(), io::stdout());
    let outcome = guide(start, &mut dialogue, printer);
    if cfg!(windows) && io::stdin().is_terminal() {
        if let Err(error) = &outcome {
            printer.error(error);
        }
        dialogue.paragraph("Press Enter to close this window.")?;
        dialogue.wait()?;
        return Ok(outcome.unwrap_or(Outcome::NotDone));
    }
    outcome
}

/// Asks, and does what was asked for.
pub(crate) fn guide<R: BufRead, W: Write>(start: Start, dialogue: &mut Dialogue<R, W>, printer: &Printer) -> Result<Outcome> {
    let plan = match plan(start, dialogue) {
        Err(error) if error.is::<EndOfInput>() => {
            dialogue.say("The questions end here. Nothing was written.")?;
            return Ok(Outcome::NotDone);
        }
        plan => plan?,
    };
    dialogue.say("")?;
    let score_arguments = plan.score();
    let outcome = run(&score_arguments, printer)?;
    if outcome == Outcome::NotDone {
        let check = [&["check".to_owned()], &score_arguments[1..score_arguments.len() - 2]].concat();
        dialogue.paragraph("Nothing was written. This shows how the file was read, and what is missing:")?;
        dialogue.say(&format!("  {}", Shell::here().command(&check)))?;
        return Ok(outcome);
    }
    dialogue.say("")?;
    // What there is to say about the file was said when it was scored.
    run(&plan.flag(), &Printer::quiet())?;
    dialogue.paragraph("The same again, without questions:")?;
    dialogue.say(&format!("  {}", Shell::here().command(&score_arguments)))?;
    dialogue.say(&format!("  {}", Shell::here().command(&plan.flag())))?;
    Ok(outcome)
}

/// The commands are run by the very words that are shown.
fn run(arguments: &[String], printer: &Printer) -> Result<Outcome> {
    match Arguments::try_parse_from([&["bandwise".to_owned()], arguments].concat())?.command {
        Command::Score(arguments) => score::run(&arguments, printer),
        Command::Flag(arguments) => flag::run(&arguments, printer),
        _ => Ok(Outcome::NotDone),
    }
}

/// What was answered.
#[derive(Debug)]
struct Plan {
    file: PathBuf,
    sheet: Option<String>,
    instrument: String,
    output: PathBuf,
}

impl Plan {
    fn read(&self) -> Vec<String> {
        let mut arguments = vec![word(&self.file), "-i".to_owned(), self.instrument.clone()];
        arguments.extend(self.sheet.iter().map(|sheet| format!("--sheet={sheet}")));
        arguments
    }

    fn score(&self) -> Vec<String> {
        let mut arguments = vec!["score".to_owned()];
        arguments.extend(self.read());
        arguments.extend(["-o".to_owned(), word(&self.output)]);
        arguments
    }

    fn flag(&self) -> Vec<String> {
        let mut arguments = vec!["flag".to_owned()];
        arguments.extend(self.read());
        arguments
    }
}

/// A path as an argument: one that begins like an option is none.
fn word(path: &Path) -> String {
    let word = path.to_string_lossy().into_owned();
    if word.starts_with('-') { Path::new(".").join(path).to_string_lossy().into_owned() } else { word }
}

fn plan<R: BufRead, W: Write>(start: Start, dialogue: &mut Dialogue<R, W>) -> Result<Plan> {
    dialogue
        .say("bandwise scores screening questionnaires. It asks a few questions first; an empty answer takes what stands in brackets.")?;
    let (file, sheet, table) = opened(start, dialogue)?;
    let built_in: Vec<Instrument> = built_in_ids().map(|id| Ok(load(id)?.0)).collect::<Result<_, LoadError>>()?;
    let instrument = questionnaire(&table, &built_in, dialogue)?;
    let output = output(&file, dialogue)?;
    Ok(Plan { file, sheet, instrument, output })
}

// ---- which file

fn opened<R: BufRead, W: Write>(start: Start, dialogue: &mut Dialogue<R, W>) -> Result<(PathBuf, Option<String>, Table)> {
    let mut given = match start {
        Start::File(file) => Some(file),
        Start::Nothing => None,
    };
    loop {
        let file = match given.take() {
            Some(file) => file,
            None => which_file(dialogue)?,
        };
        let mut options = InputOptions::default();
        loop {
            match Table::open(&Input::new(&file), &options) {
                Ok(table) => return Ok((file, options.sheet, table)),
                Err(ReadError::Refusal(finding)) if finding.code == bandwise::findings::Code::T011 => {
                    dialogue.paragraph(&finding.message)?;
                    dialogue.say("Which sheet has the answers? Type its name.")?;
                    options.sheet = Some(dialogue.ask(None, |answer| Ok(unquoted(answer).to_owned()))?);
                }
                Err(ReadError::Refusal(finding)) => {
                    let help = finding.help.as_deref().map_or_else(String::new, |help| format!(": {help}"));
                    dialogue.paragraph(&format!("{} cannot be used: {}{help}", printable(finding.place.file()), finding.message))?;
                    break;
                }
                Err(ReadError::Refused { name, source }) => {
                    dialogue.paragraph(&format!("{} cannot be read ({}). Is it open in another program?", printable(&name), source))?;
                    break;
                }
            }
        }
    }
}

fn which_file<R: BufRead, W: Write>(dialogue: &mut Dialogue<R, W>) -> Result<PathBuf> {
    let here = tables_here();
    dialogue.paragraph("Which file has the answers? Type its name, or drag it into this window.")?;
    let names: Vec<String> = here.iter().take(LISTED).map(|path| printable(&path.to_string_lossy()).into_owned()).collect();
    dialogue.list(&names)?;
    let default = (here.len() == 1).then_some("1");
    dialogue.ask(default, |answer| {
        let typed = PathBuf::from(unquoted(answer));
        if typed.is_file() {
            return Ok(typed);
        }
        // A file that is dragged into a terminal has its spaces escaped.
        let unescaped = PathBuf::from(unquoted(answer).replace("\\ ", " "));
        if !cfg!(windows) && unescaped.is_file() {
            return Ok(unescaped);
        }
        if let Some(place) = chosen(answer, names.len()) {
            return here.get(place).cloned().ok_or_else(String::new);
        }
        if typed.is_dir() {
            return Err(format!("`{}` is a folder. Please name the file in it.", printable(answer)));
        }
        Err(format!("There is no file `{}` here. Please try again; a file can be dragged into this window.", printable(answer)))
    })
}

/// A path as consoles paste it: in quotation marks where it holds a space.
fn unquoted(answer: &str) -> &str {
    let answer = answer.trim();
    let answer = answer.strip_prefix("& ").unwrap_or(answer);
    ['"', '\''].iter().find_map(|mark| answer.strip_prefix(*mark)?.strip_suffix(*mark)).unwrap_or(answer)
}

/// The tables in this folder, but for those that look like our own.
fn tables_here() -> Vec<PathBuf> {
    let is_table = |path: &PathBuf| {
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let is_ours = path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(SCORES));
        matches!(extension.as_deref(), Some("csv" | "tsv" | "xlsx" | "xls" | "ods")) && !is_ours && path.is_file()
    };
    let entries = std::fs::read_dir(".").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| PathBuf::from(entry.file_name())).filter(is_table).collect();
    found.sort();
    found
}

// ---- which questionnaire

/// Forms of one questionnaire.
struct Family<'i> {
    forms: Vec<&'i Instrument>,
}

fn questionnaire<R: BufRead, W: Write>(table: &Table, built_in: &[Instrument], dialogue: &mut Dialogue<R, W>) -> Result<String> {
    let all: Vec<&Instrument> = built_in.iter().collect();
    let fits = fitting(Header { names: table.header(), texts: table.texts() }, &all);
    let is_whole = |fit: &&Fit| fit.kind != FitKind::InPart;
    let whole: Vec<&Fit> = fits.iter().filter(is_whole).collect();
    let name = printable(table.name()).into_owned();
    let (mut offered, heading) = match (whole.as_slice(), fits.as_slice()) {
        ([], []) => (Vec::new(), format!("No questionnaire that comes with bandwise fits the columns of {name}.")),
        ([], some) => {
            let first = some.first().map_or(0, |fit| fit.found as u64);
            let heading = format!("No questionnaire fits the columns of {name} wholly; the nearest finds {}:", count_of(first, "question"));
            (families(some.iter().filter_map(|fit| all.get(fit.form).copied())), heading)
        }
        (whole, _) => {
            let heading = match whole.first().map(|fit| fit.kind) {
                Some(FitKind::ByNumber) => format!("The questions of {name} are numbered. With as many questions there are:"),
                _ => format!("The columns of {name} fit:"),
            };
            (families(whole.iter().filter_map(|fit| all.get(fit.form).copied())), heading)
        }
    };
    dialogue.paragraph(&format!("Which questionnaire is it? {heading}"))?;
    loop {
        show(&offered, dialogue)?;
        dialogue.say(match offered.len() {
            0 => "Type a word of its name (`anxiety`), its id, or the name of your own TOML file.",
            _ => "Type its number, or a word of another one's name.",
        })?;
        // Only what nothing else could be is offered as the answer.
        let default = (offered.len() == 1 && !whole.is_empty()).then_some("1");
        let picked = dialogue.ask(default, |answer| pick(answer, &offered, &all))?;
        match picked {
            Picked::File(path) => return Ok(path),
            Picked::Family(family) => return who(&family, dialogue),
            Picked::Others(others) => {
                offered = others;
                dialogue.say("")?;
            }
        }
    }
}

/// What an answer picks.
enum Picked<'i> {
    File(String),
    Family(Family<'i>),
    Others(Vec<Family<'i>>),
}

fn pick<'i>(answer: &str, offered: &[Family<'i>], all: &[&'i Instrument]) -> Result<Picked<'i>, String> {
    if let Some(family) = chosen(answer, offered.len().min(LISTED)).and_then(|place| offered.get(place)) {
        return Ok(Picked::Family(Family { forms: family.forms.clone() }));
    }
    if let Some(known) = all.iter().find(|form| form.id.eq_ignore_ascii_case(answer)) {
        return Ok(Picked::Family(Family { forms: vec![known] }));
    }
    let path = unquoted(answer);
    if Path::new(path).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        return match load(path) {
            Ok(_) => Ok(Picked::File(path.to_owned())),
            Err(error) => Err(format!("{error}. `bandwise instrument check` shows what is wrong with it. Please name another.")),
        };
    }
    let words: Vec<String> = answer.split_whitespace().map(str::to_lowercase).collect();
    let is_about = |form: &&&Instrument| {
        let told = format!("{} {} {} {}", form.id, form.name, form.form, form.informant.word()).to_lowercase();
        words.iter().all(|word| told.contains(word.as_str()))
    };
    let found = families(all.iter().filter(is_about).copied());
    let is_number = answer.chars().all(|character| character.is_ascii_digit());
    match found.is_empty() {
        _ if is_number => Err(format!("Please type {}, or a word.", numbers(offered.len().clamp(1, LISTED)))),
        true => Err(format!("No questionnaire that comes with bandwise has `{}` in its name. Please try another word.", printable(answer))),
        false => Ok(Picked::Others(found)),
    }
}

/// Forms by their questionnaire, in the order in which they come.
fn families<'i>(forms: impl Iterator<Item = &'i Instrument>) -> Vec<Family<'i>> {
    let mut families: Vec<Family<'i>> = Vec::new();
    for form in forms {
        let is_its = |family: &&mut Family<'i>| family.forms.iter().any(|other| other.family == form.family && other.name == form.name);
        match families.iter_mut().find(is_its) {
            Some(family) => family.forms.push(form),
            None => families.push(Family { forms: vec![form] }),
        }
    }
    families
}

fn show<R: BufRead, W: Write>(offered: &[Family<'_>], dialogue: &mut Dialogue<R, W>) -> Result<()> {
    let line = |family: &Family<'_>| match family.forms.as_slice() {
        [only] => format!("{} ({})", only.title(), only.id),
        forms => forms.first().map_or_else(String::new, |form| form.name.clone()),
    };
    let lines: Vec<String> = offered.iter().take(LISTED).map(line).collect();
    dialogue.list(&lines)?;
    if offered.len() > LISTED {
        dialogue.say(&format!("     and {} more: type a word of its name", offered.len() - LISTED))?;
    }
    Ok(())
}

/// Which form of the questionnaire it is: the columns do not tell, and a wrong one has other bands.
fn who<R: BufRead, W: Write>(family: &Family<'_>, dialogue: &mut Dialogue<R, W>) -> Result<String> {
    if let [only] = family.forms.as_slice() {
        return Ok(only.id.to_string());
    }
    dialogue.paragraph("Who filled it in, and for which ages?")?;
    let lines: Vec<String> = family.forms.iter().map(|form| format!("{} ({})", form.form, form.id)).collect();
    dialogue.list(&lines)?;
    let place = dialogue.ask(None, |answer| {
        let by_id = || family.forms.iter().position(|form| form.id.eq_ignore_ascii_case(answer));
        let by_word = || {
            let said = answer.to_lowercase();
            let only = |says: &dyn Fn(&str) -> bool| {
                let fitting = family.forms.iter().enumerate().filter(|(_, form)| says(&form.form.to_lowercase()));
                let mut places = fitting.map(|(place, _)| place);
                places.next().filter(|_| places.next().is_none())
            };
            only(&|form| form == said).or_else(|| only(&|form| form.contains(&said)))
        };
        let place = chosen(answer, lines.len()).or_else(by_id).or_else(by_word);
        place.ok_or_else(|| format!("Please type {}: the forms have different bands, so it matters.", numbers(lines.len())))
    })?;
    Ok(family.forms.get(place).map_or_else(String::new, |form| form.id.to_string()))
}

// ---- where to save

/// How the name of our own file ends.
const SCORES: &str = "-scores";

fn output<R: BufRead, W: Write>(file: &Path, dialogue: &mut Dialogue<R, W>) -> Result<PathBuf> {
    let stem = file.file_stem().map_or_else(|| "class".into(), std::ffi::OsStr::to_string_lossy);
    let default = file.with_file_name(format!("{stem}{SCORES}.csv"));
    dialogue.paragraph("Where shall the scores be saved? A file that ends in .csv opens in any spreadsheet program.")?;
    loop {
        let shown = default.to_string_lossy().into_owned();
        let path = dialogue.ask(Some(&shown), |answer| usable(unquoted(answer), file))?;
        if !path.exists() {
            return Ok(path);
        }
        dialogue.say(&format!("There is a file `{}` already. Shall it be replaced? yes or no", printable(&path.to_string_lossy())))?;
        let replace = dialogue.ask(Some("no"), |answer| match answer.to_lowercase().as_str() {
            "y" | "yes" => Ok(true),
            "n" | "no" => Ok(false),
            _ => Err("Please type yes or no.".to_owned()),
        })?;
        if replace {
            return Ok(path);
        }
        dialogue.say("Then under which name?")?;
    }
}

fn usable(answer: &str, input: &Path) -> Result<PathBuf, String> {
    let path = PathBuf::from(answer);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() {
        return Err("That is a folder. Please add a name for the file.".to_owned());
    }
    if !folder.is_dir() {
        return Err(format!("There is no folder `{}`. Please name one that is there.", printable(&folder.to_string_lossy())));
    }
    if is_one_file(&path, input) {
        return Err("That is the file with the answers, which is never overwritten. Please choose another name.".to_owned());
    }
    if format_of(&path, None).is_err() {
        return Err("The name should end in .csv, .json, .ndjson, .xlsx or .txt. Please try again.".to_owned());
    }
    Ok(path)
}
