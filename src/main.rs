//! The `bandwise` program: arguments in, outputs and an exit code out. It computes nothing.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
