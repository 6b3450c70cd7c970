//! The shared suite: the same tests natively (`cargo test --test wasm`) and as a module in a browser
//! (`make module`), over the same vectors. What only a browser has is in `edge` and `shift`.

mod curve;
mod definitions;
#[cfg(target_arch = "wasm32")]
mod edge;
#[cfg(target_arch = "wasm32")]
mod figures;
mod forms;
mod people;
#[cfg(target_arch = "wasm32")]
mod place;
#[cfg(target_arch = "wasm32")]
mod sealing;
mod sessions;
#[path = "../shared/mod.rs"]
mod shared;
#[cfg(target_arch = "wasm32")]
mod shift;
mod splitting;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
