//! The oldest engines the page is for are Chrome 86 (as in WeChat) and Safari 15.1.
//! This reads the shipped module and holds it to what both of them run; the
//! page's scripts and styles are held to it by `tests/browser/floor.test.mjs`.
#![cfg(not(target_arch = "wasm32"))]

use wasmparser::{ExternalKind, FuncType, Parser, Payload, RefType, TypeRef, ValType, Validator, WasmFeatures};

/// What both engines have. Not among it: reference types, SIMD, threads, tail
/// calls, exceptions, several memories, 64-bit memory, garbage collection.
const FLOOR: WasmFeatures = WasmFeatures::FLOATS
    .union(WasmFeatures::MUTABLE_GLOBAL)
    .union(WasmFeatures::SIGN_EXTENSION)
    .union(WasmFeatures::SATURATING_FLOAT_TO_INT)
    .union(WasmFeatures::BULK_MEMORY)
    .union(WasmFeatures::MULTI_VALUE);

/// The shipped modules, as `make wasm` leaves them: the respondent's, what seals their answers,
/// the volunteer's, and what reads posters.
fn modules() -> [Vec<u8>; 4] {
    ["anxin", "anxin_seal", "anxin_shift", "anxin_place"].map(|name| {
        let path = format!("{}/www/pkg/{name}_bg.wasm", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(&path).unwrap_or_else(|e| panic!("{path}: {e}; run `make wasm` first"))
    })
}

#[test]
fn modules_use_only_what_the_oldest_engines_have() {
    for module in modules() {
        if let Err(e) = Validator::new_with_features(FLOOR).validate_all(&module) {
            panic!("beyond Chrome 86 or Safari 15.1: {e}");
        }
    }
}

/// The validator above refuses these types already; this names the place.
#[test]
fn modules_hold_no_reference_to_a_javascript_object() {
    modules().iter().for_each(|module| holds_no_reference(module));
}

fn holds_no_reference(module: &[u8]) {
    let extern_ref = |t: RefType| t == RefType::EXTERNREF;
    for payload in Parser::new(0).parse_all(module) {
        match payload.unwrap() {
            Payload::TableSection(tables) => {
                for table in tables {
                    assert!(!extern_ref(table.unwrap().ty.element_type), "a table of externref");
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    assert_ne!(global.unwrap().ty.content_type, ValType::EXTERNREF, "a global externref");
                }
            }
            Payload::ElementSection(elements) => {
                for element in elements {
                    if let wasmparser::ElementItems::Expressions(t, _) = element.unwrap().items {
                        assert!(!extern_ref(t), "an element segment of externref");
                    }
                }
            }
            _ => {}
        }
    }
}

/// A 64-bit integer at the edge would reach the script as a `BigInt`.
#[test]
fn no_64_bit_integer_crosses_the_edge() {
    modules().iter().for_each(|module| crosses_no_64_bit_integer(module));
}

fn crosses_no_64_bit_integer(module: &[u8]) {
    let mut types: Vec<Option<FuncType>> = Vec::new();
    let mut functions: Vec<u32> = Vec::new();
    let mut edge: Vec<(String, u32)> = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.unwrap() {
            Payload::TypeSection(section) => {
                for group in section {
                    types.extend(group.unwrap().into_types().map(|t| match t.composite_type.inner {
                        wasmparser::CompositeInnerType::Func(f) => Some(f),
                        _ => None,
                    }));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.unwrap();
                    if let TypeRef::Func(t) = import.ty {
                        functions.push(t);
                        edge.push((format!("import {}", import.name), t));
                    }
                }
            }
            Payload::FunctionSection(section) => functions.extend(section.into_iter().map(Result::unwrap)),
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export.unwrap();
                    if export.kind == ExternalKind::Func {
                        edge.push((format!("export {}", export.name), functions[export.index as usize]));
                    }
                }
            }
            _ => {}
        }
    }
    assert!(edge.len() > 10, "only {} functions at the edge: is this the right module?", edge.len());
    edge.retain(|(_, t)| {
        let signature = types[*t as usize].as_ref().expect("a function's type is a function type");
        let mut values = signature.params().iter().chain(signature.results());
        values.any(|v| *v == ValType::I64)
    });
    assert!(edge.is_empty(), "take or give an i64: {edge:?}");
}
