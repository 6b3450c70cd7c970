//! The command line: the collector and the tools around it. In the browser there is none.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    anxin::collector::main()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
