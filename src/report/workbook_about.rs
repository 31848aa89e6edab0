//! The last sheet of a workbook: what its reader should know, and what produced it.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::workbook_style::{A4, PAGE_FOOTER, PAGE_HEADER, header_format};
use super::workbook_text::{Size, height, sound};
use crate::provenance::{Provenance, UsedInstrument};

/// What is said, and about what.
type Line = (&'static str, String);

fn about_lines(sentences: &[&str], provenance: &Provenance) -> Vec<Line> {
    let sentences = sentences.iter().map(|sentence| (*sentence).to_owned());
    let mut lines: Vec<Line> = provenance.notices.iter().cloned().chain(sentences).map(|text| ("read first", text)).collect();
    lines.push(("tool", format!("{} {}", provenance.tool, provenance.version)));
    lines.extend(provenance.created.iter().map(|created| ("made", created.clone())));
    for used in &provenance.instruments {
        lines.extend(instrument_lines(used));
    }
    lines.extend(provenance.inputs.iter().map(|used| ("input", format!("{}, SHA-256 {}", used.name, used.sha256))));
    lines.extend(provenance.options.iter().map(|(name, value)| ("option", format!("--{name} {value}"))));
    lines
}

fn instrument_lines(used: &UsedInstrument) -> Vec<Line> {
    let mut lines = vec![
        ("instrument", format!("{} ({})", used.name, used.id)),
        ("definition", format!("version {}, SHA-256 {}", used.version, used.sha256)),
    ];
    lines.extend(used.bands.iter().map(|bands| {
        let source = used.bands_source.as_deref().map_or(String::new(), |source| format!(": {source}"));
        ("bands", format!("{bands}{source}"))
    }));
    lines.extend(used.choices.iter().map(|(name, value)| ("choice", format!("{name} = {value}"))));
    lines.extend(used.sources.iter().map(|(name, source)| ("source", format!("{name}: {source}"))));
    lines
}

/// Writes the sheet; the sentences are for every reader of the workbook.
pub(super) fn write_about(page: &mut Worksheet, sentences: &[&str], provenance: &Provenance) -> Result<(), XlsxError> {
    const WIDTH_OF_NAMES: u16 = 14;
    const WIDTH_OF_TEXT: u16 = 100;
    const FILLED: usize = 90;
    let name = header_format().set_align(FormatAlign::Top);
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    page.set_name("about")?;
    let mut before = "";
    for (row, (label, line)) in (0..).zip(&about_lines(sentences, provenance)) {
        page.write_string_with_format(row, 0, if *label == before { "" } else { label }, &name)?;
        before = label;
        page.write_string_with_format(row, 1, &*sound(line), &text)?;
        page.set_row_height(row, height(Size::of(line, FILLED).lines))?;
    }
    page.set_column_width(0, WIDTH_OF_NAMES)?.set_column_width(1, WIDTH_OF_TEXT)?;
    page.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_screen_gridlines(false);
    page.set_header(format!("&Labout{PAGE_HEADER}")).set_footer(PAGE_FOOTER);
    Ok(())
}
