//! `bandwise explain CODE`: what a finding means, why it matters, and what to do.

use anyhow::{Result, bail};
use bandwise::findings::Code;
use clap::Args;

use super::Outcome;
use super::printer::Printer;

#[derive(Args, Debug)]
pub(crate) struct ExplainArguments {
    /// The code, as it stands in brackets: R002. Without one, all codes are listed
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(crate) fn run(arguments: &ExplainArguments, printer: &Printer) -> Result<Outcome> {
    let Some(written) = &arguments.code else {
        let lines: Vec<String> = Code::ALL.iter().map(|code| format!("{code}  {:<8} {}\n", code.severity().word(), code.title())).collect();
        printer.data(&lines.concat())?;
        return Ok(Outcome::Done);
    };
    let Some(code) = Code::parse(written) else {
        bail!("there is no code `{written}`: `bandwise explain` lists them all");
    };
    let explanation = code.explanation();
    printer.data(&format!(
        "{code} ({}): {}\n\nWhat it means\n  {}\n\nWhy it matters\n  {}\n\nWhat to do\n  {}\n",
        code.severity().word(),
        code.title(),
        explanation.means,
        explanation.matters,
        explanation.act
    ))?;
    Ok(Outcome::Done)
}
