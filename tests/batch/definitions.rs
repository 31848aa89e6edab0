//! A definition that is not the one of last time is named, with the pupils whose scores or bands differ.

use crate::Desk;

const WEATHER: &str = include_str!("../fixtures/definitions/weather.toml");

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("weather.toml", WEATHER);
    desk.write("forms/sky.csv", "pupil_id,sunny,rainy,windy\nw1,0,2,2\nw2,1,1,1\nw3,2,0,0\n");
    desk.write(
        "term.toml",
        "[[jobs]]\nname = \"sky\"\ninstrument = \"weather.toml\"\nresponses = \"forms/sky.csv\"\noutputs = { score = \"out/sky.csv\" }\n",
    );
    desk
}

#[test]
fn a_changed_cut_off_names_the_pupils_whose_band_differs() {
    let desk = desk();
    desk.run();
    let from = WEATHER.lines().find(|line| line.starts_with("gloom = [")).unwrap();
    desk.write("weather.toml", &WEATHER.replace(from, "gloom = [2, 3]"));
    // The answers change as well: who differs is told by the same answers, by both definitions.
    desk.write("forms/sky.csv", "pupil_id,sunny,rainy,windy\nw1,2,1,2\nw2,1,1,1\nw3,2,0,0\n");
    let said = desk.run();
    assert!(said.err.contains("sky: done, because the definition is another: `weather`"), "{}", said.err);
    assert!(said.err.contains("The definition `weather` is not the one of last time: scores or bands differ for "), "{}", said.err);
    let differences = &desk.record()["terms"]["term.toml"]["jobs"][0]["differences"];
    let named: Vec<&str> = differences.as_array().unwrap().iter().map(|difference| difference["pupil"].as_str().unwrap()).collect();
    assert!(!named.is_empty() && !named.contains(&"w3"), "{differences}");
    for pupil in named {
        assert!(said.err.contains(&format!("    {pupil}: gloom ")), "{}", said.err);
    }
    // It is told once: afterwards this is the definition of last time.
    assert!(!desk.run().err.contains("is not the one of last time"));
}

#[test]
fn a_change_that_decides_nothing_is_named_as_such() {
    let desk = desk();
    desk.run();
    desk.write("weather.toml", &WEATHER.replace("Weather survey", "Survey of the weather"));
    let said = desk.run();
    let expected = "The definition `weather` is not the one of last time; these pupils' scores and bands are the same by both.";
    assert!(said.err.contains(expected), "{}", said.err);
}

#[test]
fn a_definition_that_this_program_cannot_read_is_said_to_be_one() {
    let desk = desk();
    desk.run();
    let record = desk.read("bandwise-run.json").replace("method  = \\\"sum\\\"", "method  = \\\"tomorrow\\\"");
    desk.write("bandwise-run.json", &record);
    desk.write("weather.toml", &WEATHER.replace("Weather survey", "Survey of the weather"));
    let said = desk.run();
    assert!(said.err.contains("Whose scores differ cannot be told: this program cannot read it."), "{}", said.err);
}
