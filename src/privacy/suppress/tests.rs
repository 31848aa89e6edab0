use super::*;

/// One row of parts under a total: what is shown, `c` for what is hidden; the total comes first.
fn row(parts: &[u64], limit: u64) -> String {
    let mut tables = Tables::new();
    let whole = tables.cell(parts.iter().sum(), Zero::Shown);
    let cells: Vec<CellId> = parts.iter().map(|part| tables.cell(*part, Zero::Hidden)).collect();
    assert_eq!(tables.total(whole, &cells), Ok(()));
    words(&tables, limit)
}

fn words(tables: &Tables, limit: u64) -> String {
    let shown = tables.suppress(limit);
    let word = |(index, cell): (usize, &Cell)| if shown.is_shown(CellId(index)) { cell.count.to_string() } else { "c".to_owned() };
    tables.cells.iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn one_row_under_its_total() {
    for (parts, expected) in [
        // The acceptance case: a group of five, and a second one is hidden, the smallest.
        (&[5, 30, 24][..], "59 c 30 c"),
        (&[1, 30, 24], "55 c 30 c"),
        // Nought is small: nobody out of so many says something of each.
        (&[0, 30, 24], "54 c 30 c"),
        // Together they make the limit: neither can be told from the other, nor both from a larger number.
        (&[3, 3, 24], "30 c c 24"),
        // Together they are five: that would be a small number that can be worked out.
        (&[2, 3, 24], "29 c c c"),
        (&[2, 3, 24, 8], "37 c c 24 c"),
        // All are small, and so is their total.
        (&[1, 2], "c c c"),
        (&[3, 4], "7 c c"),
        (&[1, 200], "201 c c"),
        (&[6, 7], "13 6 7"),
        (&[20, 0, 0, 0], "20 c c c c"),
    ] {
        assert_eq!(row(parts, 6), expected, "{parts:?}");
    }
    assert_eq!(row(&[9, 30, 24], 10), "63 c 30 c");
}

#[test]
fn nought_that_says_nothing_is_shown() {
    let mut tables = Tables::new();
    let (whole, part, none) = (tables.cell(20, Zero::Shown), tables.cell(20, Zero::Hidden), tables.cell(0, Zero::Shown));
    assert_eq!(tables.total(whole, &[part, none]), Ok(()));
    assert_eq!(words(&tables, 6), "20 20 0");
}

#[test]
fn years_classes_and_the_school() {
    // Year 7: 5 and 28; year 8: 26 and 27. The other class of year 7 protects the small one, and nothing else needs to go.
    let mut tables = Tables::new();
    let school = tables.cell(86, Zero::Shown);
    let years = [33, 53].map(|count| tables.cell(count, Zero::Shown));
    let classes = [5, 28, 26, 27].map(|count| tables.cell(count, Zero::Shown));
    assert_eq!(tables.total(school, &years), Ok(()));
    assert_eq!(tables.total(years[0], &classes[..2]), Ok(()));
    assert_eq!(tables.total(years[1], &classes[2..]), Ok(()));
    assert_eq!(tables.total(school, &classes), Ok(()));
    assert_eq!(words(&tables, 6), "86 33 53 c c 26 27");
}

#[test]
fn two_tables_that_share_a_margin() {
    // By class and by sex: each table has its own small group, and each its own protection.
    let mut tables = Tables::new();
    let all = tables.cell(60, Zero::Shown);
    let classes = [4, 26, 30].map(|count| tables.cell(count, Zero::Shown));
    let sexes = [31, 29].map(|count| tables.cell(count, Zero::Shown));
    assert_eq!(tables.total(all, &classes), Ok(()));
    assert_eq!(tables.total(all, &sexes), Ok(()));
    assert_eq!(words(&tables, 6), "60 c c 30 31 29");
}

#[test]
fn a_cell_in_rows_and_columns_needs_a_rectangle() {
    let counts = [[2, 20, 30], [25, 26, 27], [28, 29, 31]];
    let mut tables = Tables::new();
    let cells = counts.map(|row| row.map(|count| tables.cell(count, Zero::Hidden)));
    for (row, counts) in cells.iter().zip(counts) {
        let sum = tables.cell(counts.iter().sum(), Zero::Shown);
        assert_eq!(tables.total(sum, row), Ok(()));
    }
    for column in 0..3 {
        let sum = tables.cell(counts.iter().map(|row| row[column]).sum(), Zero::Shown);
        assert_eq!(tables.total(sum, &cells.map(|row| row[column])), Ok(()));
    }
    assert_eq!(words(&tables, 6), "c c 30 c c 27 28 29 31 52 78 88 55 75 88");
}

#[test]
fn what_belongs_together_is_hidden_together() {
    // Two tables of the same groups: the second could hide the third group instead, and would give the first one's away.
    let mut tables = Tables::new();
    let mut table = |counts: [u64; 3]| {
        let whole = tables.cell(counts.iter().sum(), Zero::Shown);
        let cells = counts.map(|count| tables.cell(count, Zero::Shown));
        assert_eq!(tables.total(whole, &cells), Ok(()));
        cells
    };
    let (first, second) = (table([5, 20, 21]), table([5, 20, 19]));
    assert_eq!(words(&tables, 6), "46 c c 21 44 c 20 c");
    for (one, other) in first.iter().zip(second) {
        tables.together(&[*one, other]);
    }
    assert_eq!(words(&tables, 6), "46 c c 21 44 c c 19");
}

#[test]
fn what_is_told_to_hide_is_protected_too() {
    let mut tables = Tables::new();
    let whole = tables.cell(62, Zero::Shown);
    let parts = [20, 22, 20].map(|count| tables.cell(count, Zero::Shown));
    assert_eq!(tables.total(whole, &parts), Ok(()));
    tables.hide(parts[1]);
    assert_eq!(words(&tables, 6), "62 c c 20");
}

/// Schools and years crossed, each group with four levels: what is hidden stays near what is small, and no total has one hidden part.
#[test]
fn a_large_crossing_is_not_hidden_whole() {
    let (schools, years) = (40_u64, 5_u64);
    let mut tables = Tables::new();
    let mut group = |levels: [u64; 4]| {
        let n = tables.cell(levels.iter().sum(), Zero::Shown);
        let levels = levels.map(|count| tables.cell(count, Zero::Hidden));
        assert_eq!(tables.total(n, &levels), Ok(()));
        tables.hide_with(n, &levels);
        tables.block(&[n, levels[0], levels[1], levels[2], levels[3]])
    };
    let counts = |school: u64, year: u64| {
        let size = (school * school * 31 + year * 17 + school * year * 7) % 60;
        [size, size / 3 + 2, school * year % 13, (school + year) % 9]
    };
    let sum = |picked: &dyn Fn(u64, u64) -> bool| {
        let groups =
            (0..schools).flat_map(|school| (0..years).map(move |year| (school, year))).filter(|(school, year)| picked(*school, *year));
        groups.map(|(school, year)| counts(school, year)).fold([0; 4], |sum, more| [0, 1, 2, 3].map(|level| sum[level] + more[level]))
    };
    let all = group(sum(&|_, _| true));
    let of_schools: Vec<BlockId> = (0..schools).map(|school| group(sum(&|other, _| other == school))).collect();
    let of_years: Vec<BlockId> = (0..years).map(|year| group(sum(&|_, other| other == year))).collect();
    let crossed: Vec<BlockId> = (0..schools * years).map(|place| group(counts(place / years, place % years))).collect();
    let mut whole = |whole: BlockId, parts: &[BlockId]| assert_eq!(tables.total_of_blocks(whole, parts), Ok(()));
    whole(all, &of_schools);
    whole(all, &of_years);
    for (school, parts) in of_schools.iter().zip(crossed.chunks(of_years.len())) {
        whole(*school, parts);
    }
    for (year, block) in of_years.iter().enumerate() {
        whole(*block, &crossed.iter().skip(year).step_by(of_years.len()).copied().collect::<Vec<_>>());
    }
    let suppressed = tables.suppress(6);
    let fates: Vec<Fate> = (0..tables.cells.len()).map(|cell| suppressed.fate(CellId(cell))).collect();
    let of = |fate: Fate| fates.iter().filter(|other| **other == fate).count();
    assert!(of(Fate::Small) > 150 && of(Fate::Protects) < of(Fate::Small), "{} small, {} to protect", of(Fate::Small), of(Fate::Protects));
    // The size of all together is hidden last of all.
    assert_eq!(fates[0], Fate::Shown);
    for total in &tables.totals {
        assert_ne!(total.iter().filter(|(cell, _)| fates[*cell] != Fate::Shown).count(), 1);
    }
}

#[test]
fn a_total_must_be_one() {
    let mut tables = Tables::new();
    let (whole, part) = (tables.cell(7, Zero::Shown), tables.cell(6, Zero::Shown));
    assert_eq!(tables.total(whole, &[part]), Err(NotASum { whole: 7, sum: 6 }));
}
