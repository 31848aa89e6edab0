//! The README is executed: each console block must print what it says.

#[test]
fn readme_blocks_print_what_they_say() {
    trycmd::TestCases::new().env("NO_COLOR", "1").case("README.md");
}

#[test]
fn readme_gives_the_two_commands_for_a_fresh_machine() {
    let readme = include_str!("../README.md");
    for command in ["cargo run -- score fixtures/class-7a-teacher.csv -i sdq-t4-17", "cargo test"] {
        assert!(readme.lines().any(|line| line.trim() == command), "{command}");
    }
}
