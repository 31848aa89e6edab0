//! Figures: what is in them, that nothing leaves them, and that they are sound SVG. Three whole figures are kept as files that can be opened.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use bandwise::change::Verdict;
use bandwise::instrument::{Better, Number};
use bandwise::report::chart::{
    AxisScale, BandSpan, BandedAxis, BarRow, CHART_CSS, ChangeDistribution, Distribution, ErrorBand, Moment, OverTime, PupilChange,
    Scatter, ScoreMark, Slope, StackedBars, banded_axis, change_distribution, distribution, over_time, scatter, slope, stacked_bars,
};
use quick_xml::Reader;
use quick_xml::events::Event;

// ---- invented scales and pupils

const fn band(name: &str, level: usize, from: i64, to: i64) -> BandSpan<'_> {
    BandSpan { name, level, from: Number::whole(from), to: Number::whole(to) }
}

const TOTAL_BANDS: [BandSpan; 4] =
    [band("close to average", 0, 0, 13), band("slightly raised", 1, 14, 16), band("high", 2, 17, 19), band("very high", 3, 20, 40)];

const PROSOCIAL_BANDS: [BandSpan; 4] =
    [band("close to average", 0, 8, 10), band("slightly lowered", 1, 7, 7), band("low", 2, 6, 6), band("very low", 3, 0, 5)];

const fn scale<'a>(name: &'a str, highest: i64, better: Better, bands: &'a [BandSpan<'a>]) -> AxisScale<'a> {
    AxisScale { name, range: (Number::ZERO, Number::whole(highest)), better, bands }
}

const TOTAL: AxisScale = scale("Total difficulties", 40, Better::Lower, &TOTAL_BANDS);
const PROSOCIAL: AxisScale = scale("Prosocial behaviour", 10, Better::Higher, &PROSOCIAL_BANDS);
const ERROR: ErrorBand = ErrorBand { half_width: 6.82, clear_from: "7 points" };

fn exactly(score: i64) -> ScoreMark {
    ScoreMark { score: Number::whole(score), is_estimated: false }
}

fn about(score: i64) -> ScoreMark {
    ScoreMark { score: Number::whole(score), is_estimated: true }
}

fn moment(label: &str, mark: Option<ScoreMark>) -> Moment<'_> {
    Moment { label, mark }
}

const NAMES: [&str; 8] =
    ["Mia Hart", "Zoë O’Brien", "Amir Khan", "Lucy Ward", "Oluwaseun Adeyemi", "Ben Cole", "Ioana Popescu", "Kai Green"];

/// Pupils whose scores follow from their number, without chance.
fn pupils(count: i64) -> Vec<PupilChange<'static>> {
    let pupil = |number: i64| {
        let (baseline, review) = (10 + number * 7 % 23, (4 + number * 11 % 27).min(40));
        let verdict = match review - baseline {
            _ if number % 13 == 12 => Verdict::CannotTell,
            ..=-7 => Verdict::ClearlyBetter,
            -6..=6 => Verdict::NoClearChange,
            _ => Verdict::ClearlyWorse,
        };
        let name = NAMES[usize::try_from(number).unwrap() % NAMES.len()];
        PupilChange {
            pupil: name,
            baseline: exactly(baseline),
            review: if number % 9 == 4 { about(review) } else { exactly(review) },
            verdict,
        }
    };
    (0..count).map(pupil).collect()
}

fn pairs(count: i64) -> Vec<(Number, Number, Verdict)> {
    pupils(count).iter().map(|pupil| (pupil.baseline.score, pupil.review.score, pupil.verdict)).collect()
}

fn changes(count: i64) -> Vec<(Number, Verdict)> {
    pairs(count).into_iter().map(|(baseline, review, verdict)| (review - baseline, verdict)).collect()
}

/// Names that try to leave their place, or to do something.
fn hostile() -> Vec<String> {
    vec![
        "W".repeat(200),
        "<script>alert('x')</script>\"'&]]>".to_owned(),
        "שלום עולם ".repeat(20),
        "👩‍👧‍👦🎉".repeat(40),
        "\u{202e}\u{0}\u{7}evil\u{ffff}\u{2029}".to_owned(),
        "\u{fdfd}".repeat(9),
        "مُحَمَّد".to_owned(),
        String::new(),
    ]
}

/// Every figure, drawn from usual, small, large and hostile data, with its name.
fn gallery() -> Vec<(String, String)> {
    let mut figures: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, figure: maud::Markup| figures.push((name.to_owned(), figure.into_string()));
    let two = [moment("autumn", Some(exactly(22))), moment("summer", Some(exactly(13)))];
    let one = [moment("autumn", Some(exactly(0)))];
    let near = [moment("autumn", Some(exactly(40))), moment("summer", Some(about(39)))];
    let many = [
        moment("autumn 2024", Some(exactly(24))),
        moment("spring 2025", Some(about(26))),
        moment("summer 2025", None),
        moment("autumn 2025", Some(exactly(19))),
        moment("spring 2026", Some(exactly(15))),
        moment("summer 2026", Some(exactly(12))),
    ];
    let higher = [moment("September", Some(exactly(5))), moment("January", Some(exactly(7))), moment("July", Some(exactly(8)))];
    let target = Some(Number::whole(14));
    let prosocial_error = Some(ErrorBand { half_width: 2.62, clear_from: "3 points" });
    for (name, scale, moments, error, target) in [
        ("two", TOTAL, &two[..], Some(ERROR), target),
        ("one", TOTAL, &one[..], Some(ERROR), None),
        ("near", TOTAL, &near[..], None, None),
        ("many", TOTAL, &many[..], Some(ERROR), target),
        ("higher", PROSOCIAL, &higher[..], prosocial_error, Some(Number::whole(9))),
        ("plain", scale("A goal of her own", 10, Better::Higher, &[]), &higher[..], None, None),
        ("none", TOTAL, &[][..], Some(ERROR), target),
    ] {
        add(&format!("banded-axis-{name}"), banded_axis(name, &BandedAxis { scale, moments, error, target }));
        add(&format!("over-time-{name}"), over_time(name, &OverTime { scale, moments, error, target }));
    }
    for count in [0, 1, 12, 40] {
        let pupils = pupils(count);
        let times = ("autumn 2025", "summer 2026");
        add(&format!("slope-{count}"), slope("slope", &Slope { scale: TOTAL, times, pupils: &pupils }));
        let pairs = pairs(count * 3);
        add(&format!("scatter-{count}"), scatter("scatter", &Scatter { scale: TOTAL, times, pairs: &pairs, error: Some(ERROR) }));
        let changes = changes(count * 3);
        let figure = ChangeDistribution { scale: TOTAL, changes: &changes, error: Some(ERROR) };
        add(&format!("change-distribution-{count}"), change_distribution("changes", &figure));
        let scores: Vec<Number> = pairs.iter().map(|pair| pair.0).collect();
        add(&format!("distribution-{count}"), distribution("scores", &Distribution { scale: TOTAL, scores: &scores }));
    }
    let levels = ["close to average", "slightly raised", "high", "very high"];
    let counts =
        [[Some(41), Some(9), Some(7), Some(12)], [Some(58), Some(1), Some(0), Some(10)], [None, Some(8), None, Some(11)], [Some(0); 4]];
    let labels = ["Total difficulties", "Emotional problems", "Year 8", "Impact"];
    let rows: Vec<BarRow> =
        labels.iter().zip(&counts).map(|(label, counts)| BarRow { label, counts, total: counts.iter().copied().sum() }).collect();
    add("stacked-bars-usual", stacked_bars("bars", &StackedBars { name: "Levels at baseline", levels: &levels, rows: &rows }));
    add("stacked-bars-none", stacked_bars("bars", &StackedBars { name: "Levels at baseline", levels: &levels, rows: &[] }));
    figures.extend(hostile_figures());
    figures
}

fn hostile_figures() -> Vec<(String, String)> {
    let mut figures: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, figure: maud::Markup| figures.push((name.to_owned(), figure.into_string()));
    let hostile = hostile();
    let ends: Vec<Number> = [-i64::MAX, -1, 0, 3, 7, 1_000_000, 1_000_001, i64::MAX].map(Number::whole).to_vec();
    let bands: Vec<BandSpan> = hostile
        .iter()
        .zip(ends.windows(2))
        .enumerate()
        .map(|(level, (name, ends))| BandSpan { name, level, from: ends[0], to: ends[1] })
        .collect();
    let small: Vec<BandSpan> = hostile.iter().take(5).zip([0, 2, 4, 6, 8]).map(|(name, from)| band(name, 9, from, from + 1)).collect();
    let thirds: Vec<Number> = (0..30).filter_map(|third| Number::ratio(third, 3)).collect();
    let odd_error = |half_width: f64| Some(ErrorBand { half_width, clear_from: &hostile[0] });
    for (name, bands, range, scores, half_width) in [
        ("hostile-wide", &bands, (Number::whole(5), Number::whole(-5)), &ends, f64::INFINITY),
        ("hostile-nan", &bands, (Number::ZERO, Number::ZERO), &ends, f64::NAN),
        ("hostile", &small, (Number::ZERO, Number::whole(9)), &thirds, 1e12),
    ] {
        let scale = AxisScale { name: &hostile[1], range, better: Better::Higher, bands };
        let at = |index: usize| ScoreMark { score: scores[index % scores.len()], is_estimated: index.is_multiple_of(2) };
        let moments: Vec<Moment> = hostile.iter().enumerate().map(|(index, label)| moment(label, Some(at(index)))).collect();
        let error = odd_error(half_width);
        let target = Some(Number::whole(7));
        add(&format!("banded-axis-{name}"), banded_axis("a b", &BandedAxis { scale, moments: &moments, error, target }));
        add(&format!("over-time-{name}"), over_time("a\"b", &OverTime { scale, moments: &moments, error, target }));
        let with_verdict = |(index, pupil): (usize, &'_ String)| (index, Verdict::ALL[index % 4], pupil.clone());
        let named: Vec<(usize, Verdict, String)> = hostile.iter().enumerate().map(with_verdict).collect();
        let pupils: Vec<PupilChange> = named
            .iter()
            .map(|(index, verdict, pupil)| PupilChange { pupil, baseline: at(*index), review: at(index + 3), verdict: *verdict })
            .collect();
        let times = (&*hostile[2], &*hostile[3]);
        add(&format!("slope-{name}"), slope("a", &Slope { scale, times, pupils: &pupils }));
        let pairs: Vec<(Number, Number, Verdict)> =
            pupils.iter().map(|pupil| (pupil.baseline.score, pupil.review.score, pupil.verdict)).collect();
        add(&format!("scatter-{name}"), scatter("a", &Scatter { scale, times, pairs: &pairs, error }));
        let changes: Vec<(Number, Verdict)> = pairs.iter().map(|pair| (pair.1 - pair.0, pair.2)).collect();
        add(&format!("change-distribution-{name}"), change_distribution("a", &ChangeDistribution { scale, changes: &changes, error }));
        add(&format!("distribution-{name}"), distribution("a", &Distribution { scale, scores }));
    }
    let levels: Vec<&str> = hostile.iter().map(String::as_str).collect();
    let counts: Vec<Option<u64>> = (0..8).map(|level| Some(u64::MAX >> (level * 8))).collect();
    let rows: Vec<BarRow> = hostile.iter().map(|label| BarRow { label, counts: &counts, total: Some(u64::MAX) }).collect();
    add("stacked-bars-hostile", stacked_bars("a", &StackedBars { name: &hostile[3], levels: &levels, rows: &rows }));
    figures
}

// ---- reading a figure

/// An element: its name, its attributes, and the text in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> f64 {
        self.get(name).map_or(0.0, |value| value.parse().unwrap())
    }

    fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|classes| classes.split(' ').any(|found| found == class))
    }
}

/// Every element of a figure in order; stops if it is not sound XML.
fn elements(name: &str, figure: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(figure);
    reader.config_mut().check_end_names = true;
    let (mut found, mut open): (Vec<Element>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}\n{figure}")) {
            Event::Start(start) => {
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
                    (attribute.key.as_ref().to_owned(), value)
                });
                let attributes = attributes.collect();
                open.push(found.len());
                found.push(Element { name: start.name().as_ref().to_owned(), attributes, text: String::new() });
            }
            Event::End(_) => {
                open.pop().unwrap();
            }
            Event::Text(text) => match open.last() {
                Some(element) => found[*element].text.push_str(&text),
                None => assert!(text.trim().is_empty(), "{name}: text outside the figure"),
            },
            Event::GeneralRef(reference) => {
                let name: &str = &reference;
                let element = &mut found[*open.last().unwrap()];
                element.text.push_str(&quick_xml::escape::unescape(&format!("&{name};")).unwrap());
            }
            Event::Eof => break,
            other => panic!("{name}: {other:?} does not belong into a figure"),
        }
    }
    assert!(open.is_empty() && !found.is_empty(), "{name}");
    found
}

fn points(element: &Element) -> Vec<(f64, f64)> {
    let pair = |pair: &str| pair.split_once(',').map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).unwrap();
    element.get("points").unwrap_or_default().split_whitespace().map(pair).collect()
}

/// The corners of what an element draws; a text is taken as wide as its letters are in a wide font.
fn corners(element: &Element) -> Vec<(f64, f64)> {
    let get = |name| element.number(name);
    match element.name.as_str() {
        "rect" => vec![(get("x"), get("y")), (get("x") + get("width"), get("y") + get("height"))],
        "circle" => vec![(get("cx") - get("r"), get("cy") - get("r")), (get("cx") + get("r"), get("cy") + get("r"))],
        "line" => vec![(get("x1"), get("y1")), (get("x2"), get("y2"))],
        "polygon" | "polyline" => points(element),
        "text" => {
            let size = get("font-size");
            let width = element.text.chars().map(|character| if character.is_ascii() { 0.56 } else { 0.7 }).sum::<f64>() * size;
            let start = match element.get("text-anchor").unwrap() {
                "start" => get("x"),
                "middle" => get("x") - width / 2.0,
                _ => get("x") - width,
            };
            vec![(start, get("y") - size), (start + width, get("y") + size * 0.3)]
        }
        _ => Vec::new(),
    }
}

fn count_of(elements: &[Element], class: &str) -> usize {
    elements.iter().filter(|element| element.has_class(class)).count()
}

fn figure<'a>(gallery: &'a [(String, String)], name: &str) -> (&'a str, Vec<Element>) {
    let (_, figure) = gallery.iter().find(|(found, _)| found == name).unwrap_or_else(|| panic!("{name}"));
    (figure, elements(name, figure))
}

/// What a screen reader says.
fn described(elements: &[Element]) -> &str {
    &elements.iter().find(|element| element.name == "desc").unwrap().text
}

// ---- what holds for every figure

#[test]
fn every_figure_is_an_image_with_a_title_and_a_description() {
    for (name, figure) in gallery() {
        let elements = elements(&name, &figure);
        let svg = &elements[0];
        assert_eq!((svg.name.as_str(), svg.get("role")), ("svg", Some("img")), "{name}");
        let labels: Vec<&str> = svg.get("aria-labelledby").unwrap().split(' ').collect();
        let ids: Vec<&str> = elements.iter().filter_map(|element| element.get("id")).collect();
        assert_eq!(elements.iter().filter(|element| element.name == "svg").count(), 1, "{name}");
        for (tag, label) in ["title", "desc"].into_iter().zip(labels) {
            let element = elements.iter().find(|element| element.get("id") == Some(label)).unwrap_or_else(|| panic!("{name}: {label}"));
            assert_eq!(element.name, tag, "{name}");
            assert!(element.text.len() > 4, "{name}");
        }
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{name}: an id stands twice");
        for reference in figure.split("url(#").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            assert!(ids.contains(&reference.replace("&quot;", "\"").as_str()), "{name}: {reference}");
        }
    }
}

#[test]
fn a_page_can_forbid_styles_and_scripts() {
    for (name, figure) in gallery() {
        for element in elements(&name, &figure) {
            assert!(!["script", "style", "image", "a", "use", "foreignObject"].contains(&element.name.as_str()), "{name}");
            for (attribute, value) in &element.attributes {
                assert!(attribute != "style" && attribute != "href" && !attribute.starts_with("on"), "{name}: {attribute}");
                assert!(!value.contains("NaN") && !value.contains("inf") && !value.contains("http"), "{name}: {attribute}={value}");
            }
        }
    }
}

#[test]
fn nothing_leaves_its_figure() {
    for (name, figure) in gallery() {
        let elements = elements(&name, &figure);
        let (width, height) = (elements[0].number("width"), elements[0].number("height"));
        assert_eq!(elements[0].get("viewBox").unwrap(), format!("0 0 {width} {height}"), "{name}");
        // The tile of a pattern has measures of its own.
        let tile = |element: &Element| ["paper", "ink", "hatch", "stripe", "thread"].into_iter().any(|class| element.has_class(class));
        for element in elements.iter().filter(|element| !tile(element)) {
            for (x, y) in corners(element) {
                assert!((0.0..=width).contains(&x) && (0.0..=height).contains(&y), "{name}: {x},{y} of {width}×{height}: {element:?}");
            }
        }
    }
}

#[test]
fn every_class_has_its_style() {
    for (name, figure) in gallery() {
        for element in elements(&name, &figure).iter().skip(1) {
            for class in element.get("class").unwrap_or_default().split(' ').filter(|class| !class.is_empty()) {
                assert!(CHART_CSS.contains(&format!(".{class}")) || class.starts_with("on-level-"), "{name}: {class}");
            }
        }
    }
}

#[test]
fn the_users_text_is_text() {
    for (name, figure) in gallery().into_iter().filter(|(name, _)| name.contains("hostile")) {
        assert!(!figure.contains("<script"), "{name}");
        let hidden = |character: char| character.is_control() || ('\u{202a}'..='\u{202e}').contains(&character);
        assert!(!figure.contains(hidden), "{name}");
        let elements = elements(&name, &figure);
        let is_named = ["banded-axis", "over-time", "slope", "stacked-bars"].iter().any(|kind| name.starts_with(kind));
        assert!(!is_named || described(&elements).contains(&"W".repeat(200)), "{name}: the description has the whole name");
        assert!(elements.iter().all(|element| element.name != "text" || !element.text.contains(&"W".repeat(60))), "{name}");
    }
}

#[test]
fn a_figure_without_data_says_so() {
    for (name, figure) in gallery().into_iter().filter(|(name, _)| name.ends_with("-none") || name.ends_with("-0")) {
        let elements = elements(&name, &figure);
        assert!(elements[0].has_class("empty"), "{name}");
        assert!(["no score", "no pupil", "no counts"].iter().any(|words| described(&elements).contains(words)), "{name}");
    }
}

// ---- figure by figure

#[test]
fn a_banded_axis_has_a_mark_for_each_score() {
    let gallery = gallery();
    for (name, first, between, latest) in [("two", 1, 0, 1), ("one", 1, 0, 0), ("many", 1, 3, 1), ("higher", 1, 1, 1), ("plain", 1, 1, 1)] {
        for kind in ["banded-axis", "over-time"] {
            let name = format!("{kind}-{name}");
            let (_, elements) = figure(&gallery, &name);
            // The key shows the first and the latest mark once more, where there are both.
            let key = usize::from(latest > 0);
            let found = ["mark-baseline", "mark-between", "mark-review"].map(|class| count_of(&elements, class));
            assert_eq!(found, [first + key, between, latest + key], "{name}");
        }
    }
    let (_, elements) = figure(&gallery, "banded-axis-many");
    assert_eq!(elements.iter().filter(|element| element.text == "no score").count(), 1);
    assert_eq!(elements.iter().filter(|element| element.text == "~26").count(), 1);
    let (_, elements) = figure(&gallery, "over-time-many");
    assert_eq!(count_of(&elements, "trail"), 3, "there is a gap where there was no score");
}

#[test]
fn a_banded_axis_is_said_in_sentences() {
    let gallery = gallery();
    let (_, elements) = figure(&gallery, "banded-axis-two");
    assert_eq!(
        described(&elements),
        "Total difficulties runs from 0 to 40; lower scores are better. Bands: close to average 0 to 13, slightly raised 14 to 16, \
         high 17 to 19, very high 20 to 40. autumn: 22 (very high); summer: 13 (close to average). The target is 14. \
         A change is clear from 7 points; less cannot be told from the questionnaire's own error."
    );
    let (_, elements) = figure(&gallery, "over-time-higher");
    assert!(described(&elements).contains("higher scores are better. Bands: very low 0 to 5, low 6, slightly lowered 7"));
}

#[test]
fn a_slope_has_a_line_for_each_pupil_and_names_at_both_ends() {
    let gallery = gallery();
    for count in [1, 12, 40] {
        let (_, elements) = figure(&gallery, &format!("slope-{count}"));
        let verdicts: BTreeSet<&str> =
            ["better", "same", "worse", "unsure"].into_iter().filter(|class| count_of(&elements, class) > 0).collect();
        assert_eq!(count_of(&elements, "verdict"), count + verdicts.len());
        assert_eq!(count_of(&elements, "mark-start"), count);
        // Where many lines lie together only those have a name that something is to be said of.
        let is_named = |pupil: &&PupilChange| count <= 12 || pupil.verdict != Verdict::NoClearChange;
        let drawn = pupils(i64::try_from(count).unwrap());
        let named: Vec<&PupilChange> = drawn.iter().filter(is_named).collect();
        assert_eq!(count_of(&elements, "score"), 2 * named.len());
        for pupil in named {
            let shown = elements.iter().filter(|element| element.name == "text" && element.text == pupil.pupil).count();
            assert!(shown >= 2, "{}", pupil.pupil);
        }
        // The description leaves out nobody.
        for name in NAMES.iter().take(count) {
            assert!(described(&elements).contains(name), "{name}");
        }
        let mut right: Vec<f64> = elements
            .iter()
            .filter(|element| element.has_class("score"))
            .filter(|element| element.get("text-anchor") == Some("start"))
            .map(|element| element.number("y"))
            .collect();
        right.sort_by(f64::total_cmp);
        assert!(right.windows(2).all(|pair| pair[1] - pair[0] > 14.0), "labels keep apart");
    }
}

#[test]
fn columns_hold_every_pupil() {
    let gallery = gallery();
    for count in [1, 12, 40] {
        for kind in ["change-distribution", "distribution", "scatter"] {
            let (_, elements) = figure(&gallery, &format!("{kind}-{count}"));
            let of_pupils = described(&elements).split_once(if kind == "distribution" { "which score: " } else { ". " }).unwrap().1;
            let counted = of_pupils.split([';', '.']).filter_map(|part| {
                let words: Vec<&str> = part.split_whitespace().collect();
                let at = words.iter().position(|word| word.starts_with("pupil"))?;
                words[at.checked_sub(1)?].parse::<i64>().ok()
            });
            assert_eq!(counted.sum::<i64>(), count * 3, "{kind} {count}");
        }
        let (_, elements) = figure(&gallery, &format!("distribution-{count}"));
        let different: BTreeSet<Number> = pairs(count * 3).iter().map(|pair| pair.0).collect();
        assert_eq!(count_of(&elements, "plain"), different.len());
    }
}

#[test]
fn a_scatter_counts_pupils_with_the_same_scores() {
    let pair = |verdict| (Number::whole(20), Number::whole(13), verdict);
    let pairs = [pair(Verdict::ClearlyBetter), pair(Verdict::ClearlyBetter), pair(Verdict::CannotTell)];
    let figure = Scatter { scale: TOTAL, times: ("autumn", "summer"), pairs: &pairs, error: None };
    let elements = elements("scatter", &scatter("s", &figure).into_string());
    // Two marks in the plot and two in the key.
    assert_eq!(count_of(&elements, "shape"), 4);
    assert_eq!(
        elements.iter().filter(|element| element.has_class("value")).map(|element| element.text.as_str()).collect::<Vec<_>>(),
        ["2"]
    );
    assert!(described(&elements).ends_with("20 to 13: 2 pupils, clearly better; 20 to 13: 1 pupil, cannot tell."));
}

#[test]
fn a_count_that_is_kept_back_has_no_length() {
    let gallery = gallery();
    let (_, elements) = figure(&gallery, "stacked-bars-usual");
    // Four in the first row, three in the second, none in the others, and four in the key.
    assert_eq!(count_of(&elements, "segment"), 4 + 3 + 4);
    assert_eq!(elements.iter().filter(|element| element.text == "c").count(), 2, "the row and its total");
    assert!(described(&elements).contains("Year 8 (number not shown): close to average not shown, slightly raised 8, high not shown"));
    assert_eq!(elements.iter().filter(|element| element.text == "no pupils").count(), 1);
}

/// Lines and shapes differ, not only their colours.
#[test]
fn verdicts_differ_without_colour() {
    let gallery = gallery();
    let (_, elements) = figure(&gallery, "slope-40");
    let dashes: BTreeSet<(&str, Option<&str>)> = elements
        .iter()
        .filter(|element| element.has_class("verdict"))
        .map(|element| (element.get("class").unwrap(), element.get("stroke-dasharray")))
        .collect();
    assert_eq!(dashes.len(), 4);
    assert_eq!(dashes.iter().map(|(_, dashes)| dashes).collect::<BTreeSet<_>>().len(), 4);
}

// ---- colours

/// The relative luminance of a colour (WCAG 2.2, "relative luminance").
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

/// The contrast of two colours (WCAG 2.2, "contrast ratio").
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// WCAG 2.2 AA: text 4.5 to 1 (1.4.3), what a reader needs to see of a figure 3 to 1 (1.4.11); and bands in grey keep their order.
#[test]
fn colours_have_enough_contrast() {
    let schemes: Vec<&str> = CHART_CSS.split("--chart-surface:").skip(1).collect();
    assert_eq!(schemes.len(), 3, "light, dark and print");
    for scheme in schemes {
        let scheme = format!("--chart-surface:{}", scheme.split('}').next().unwrap());
        let colour = |name: &str| {
            let value = scheme.split(&format!("--chart-{name}: ")).nth(1).or_else(|| scheme.split(&format!("--chart-{name}:")).nth(1));
            value.unwrap_or_else(|| panic!("{name}")).trim()[..7].to_owned()
        };
        let levels: Vec<String> = (0..5).map(|level| colour(&format!("level-{level}"))).collect();
        let surface = colour("surface");
        for ground in levels.iter().chain([&surface]) {
            assert!(contrast(&colour("text"), ground) >= 4.5, "text on {ground}");
            for mark in ["mark", "trail", "bar", "border", "hatch"] {
                assert!(contrast(&colour(mark), ground) >= 3.0, "{mark} on {ground}: {}", contrast(&colour(mark), ground));
            }
        }
        assert!(contrast(&colour("quiet"), &surface) >= 4.5);
        for line in ["axis", "border", "hatch", "better", "same", "worse", "unsure"] {
            assert!(contrast(&colour(line), &surface) >= 3.0, "{line}");
        }
        let shades: Vec<f64> = levels.iter().map(|level| luminance(level)).collect();
        let away = |pair: &[f64]| if luminance(&surface) > 0.5 { pair[0] - pair[1] } else { pair[1] - pair[0] };
        assert!(shades.windows(2).all(|pair| away(pair) > 0.0), "{shades:?}");
    }
}

// ---- whole figures

/// The figure as a file that can be opened by itself.
fn standalone(figure: &str) -> String {
    let figure = figure.replacen("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" ", 1);
    let (start, rest) = figure.split_once('>').unwrap();
    format!("{start}>\n<style>\n{CHART_CSS}</style>\n{}\n", rest.replace("><", ">\n<"))
}

/// `TRYCMD=overwrite` writes the files anew, as it does for messages; look at them before they are kept.
#[test]
fn three_figures_are_as_they_were() {
    let gallery = gallery();
    for name in ["banded-axis-two", "slope-12", "stacked-bars-usual"] {
        let drawn = standalone(figure(&gallery, name).0);
        elements(name, &drawn.replace(CHART_CSS, ""));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/charts/{name}.svg"));
        if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
            fs::write(&path, &drawn).unwrap();
        }
        let kept = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        assert!(kept == drawn, "{name} is drawn differently: TRYCMD=overwrite, then look at the difference");
    }
}
