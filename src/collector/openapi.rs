//! The description of the interface for programs that read, OpenAPI 3.1: its schemas are generated from the types that
//! are sent.

use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    generate::SchemaSettings,
    transform::{Transform, transform_subschemas},
};
use serde_json::{Map, Value, json};

use super::{export::Format, problem, report};
use crate::{
    campaign::Campaign,
    results::{
        Results,
        paging::{MOST, Rows},
    },
};

/// The document, for people to read too.
pub(super) fn text() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize().with_transform(Prose);
    let mut schemas = settings.with(|it| it.definitions_path = "/components/schemas".into()).into_generator();
    let paths = paths(&mut schemas);
    let mut schemas = schemas.take_definitions(true);
    schemas.insert("Problem".into(), problem());
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Anxin",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT", "identifier": "MIT" },
            "description": "Figures of satisfaction surveys and quizzes, of which nothing but aggregates is known.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": parameters(),
            "responses": responses(),
            "headers": headers(),
            "securitySchemes": { "token": {
                "type": "http",
                "scheme": "bearer",
                "bearerFormat": "anxin_ID_SECRET",
                "description": "A token of `anxin token new`. Whoever shows one is held to its area and its role.",
            } },
        },
    });
    format!("{document:#}\n")
}

/// What each address does.
fn paths(schemas: &mut SchemaGenerator) -> Map<String, Value> {
    let campaign = of::<Campaign>(schemas);
    let results = of::<Results>(schemas);
    let list = json!({
        "type": "object",
        "properties": { "campaigns": { "type": "array", "items": campaign } },
        "required": ["campaigns"],
    });
    let any = json!({ "type": "object" });
    let mut paths = Map::new();
    let mut get = |path: &str, operation: Value| paths.insert(path.to_owned(), json!({ "get": operation }));
    get("/api/campaigns", read("The campaigns that are open today", &[], &[], &list));
    get("/api/campaigns/{id}", read("One campaign", &["id"], &["NotFound"], &campaign));
    let of_figures = ["id", "area", "period"];
    let refused = ["BadFilter", "SignIn", "Forbidden", "NotFound"];
    let of_page: Vec<&str> = of_figures.into_iter().chain(["rows", "after"]).collect();
    let mut figures = read("Every figure that may be shown", &of_page, &refused, &results);
    figures["responses"]["200"]["headers"]["Link"] = json!({ "$ref": "#/components/headers/Link" });
    get("/api/campaigns/{id}/results", for_token(figures));
    let of_file = ["id", "area", "period", "lang"];
    for (format, summary, schema) in [
        (
            Format::Csv,
            "The rates as a table, one row a figure: UTF-8 with a byte-order mark",
            json!({ "type": "string" }),
        ),
        (Format::Xlsx, "The figures as a workbook", json!({})),
        (Format::Json, "The figures as a file", results),
        (Format::Spss, "SPSS syntax that reads the table of the same name", json!({ "type": "string" })),
    ] {
        let file = operation(summary, &of_file, &refused, format.media(), &schema);
        get(&format!("/api/campaigns/{{id}}/results.{}", format.end()), for_token(file));
    }
    for (format, summary) in [
        (report::Format::Html, "The report of a month, as a page that prints"),
        (report::Format::Pdf, "The same as pages to print"),
        (report::Format::Xlsx, "The same as a workbook"),
    ] {
        let of_report = ["id", "month", "area", "lang"];
        let file = operation(summary, &of_report, &refused, format.media(), &json!({}));
        get(&format!("/api/campaigns/{{id}}/report.{}", format.end()), for_token(file));
    }
    let file = "A questionnaire's file; /schema.json is its schema";
    get("/api/questionnaires/{hash}", read(file, &["hash"], &["NotFound"], &any));
    get("/api/openapi.json", read("This description", &[], &[], &any));
    paths.insert("/api/campaigns/{id}/batches".into(), post("Counts a batch, once; tablets do so"));
    paths.insert("/api/campaigns/{id}/fieldwork".into(), post("Counts what came of a tablet's doors, once"));
    paths
}

fn of<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    schemas.subschema_for::<T>().to_value()
}

/// Something to read in JSON.
fn read(summary: &str, parameters: &[&str], refused: &[&str], schema: &Value) -> Value {
    operation(summary, parameters, refused, "application/json", schema)
}

fn operation(summary: &str, parameters: &[&str], refused: &[&str], media: &str, schema: &Value) -> Value {
    let etag = json!({ "ETag": { "$ref": "#/components/headers/ETag" } });
    let answer = json!({ "description": summary, "headers": etag, "content": { media: { "schema": schema } } });
    let mut responses = Map::new();
    responses.insert("200".into(), answer);
    responses.insert("304".into(), json!({ "description": "The asker has it (If-None-Match)." }));
    for name in refused {
        let status = REFUSALS.iter().find(|(it, ..)| it == name).map_or("default", |(_, status, _)| *status);
        responses.insert(status.into(), json!({ "$ref": format!("#/components/responses/{name}") }));
    }
    responses.insert("default".into(), json!({ "$ref": "#/components/responses/Refused" }));
    let parameters: Vec<Value> =
        parameters.iter().map(|name| json!({ "$ref": format!("#/components/parameters/{name}") })).collect();
    json!({ "summary": summary, "parameters": parameters, "responses": responses })
}

/// An operation that a token may be needed for.
fn for_token(mut operation: Value) -> Value {
    operation["security"] = json!([{}, { "token": [] }]);
    operation
}

/// What devices post; `src/outgoing.rs` says what that may be.
fn post(summary: &str) -> Value {
    let parameters = [json!({ "$ref": "#/components/parameters/id" })];
    json!({ "post": {
        "summary": summary,
        "parameters": parameters,
        "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object" } } } },
        "responses": {
            "200": { "description": "It was counted before." },
            "201": { "description": "It is counted." },
            "default": { "$ref": "#/components/responses/Refused" },
        },
    } })
}

fn headers() -> Value {
    json!({
        "ETag": { "description": "Names this state of it.", "schema": { "type": "string" } },
        "Link": {
            "description": "Where `areas` is a page: the address of the first page (rel=\"first\") and, if there is one, of \
                the page that follows (rel=\"next\"). Of the rest every page tells the same.",
            "schema": { "type": "string" },
        },
    })
}

fn parameters() -> Value {
    let text = |pattern: &str| json!({ "type": "string", "pattern": pattern });
    json!({
        "id": {
            "name": "id", "in": "path", "required": true, "schema": text("^[a-z0-9-]{1,64}$"),
            "description": "The campaign's id.",
        },
        "hash": {
            "name": "hash", "in": "path", "required": true, "schema": text("^[0-9a-f]{64}$"),
            "description": "SHA-256 of the questionnaire.",
        },
        "area": {
            "name": "area", "in": "query", "schema": text("^[0-9]{1,24}$"),
            "description": "Areas whose code begins so; without it all, or with a token those that it is for.",
        },
        "period": {
            "name": "period", "in": "query", "schema": { "type": "string", "pattern": "^\\d{4}-\\d{2}(-\\d{2})?$" },
            "description": "This month or day only; without it, all time together.",
        },
        "rows": {
            "name": "rows", "in": "query",
            "schema": { "type": "integer", "minimum": 1, "maximum": MOST, "default": Rows::default().get() },
            "description": "So many rows of the tables of areas at most; ranks and totals are of all rows.",
        },
        "after": {
            "name": "after", "in": "query", "schema": text("^[0-9]{1,24}$"),
            "description": "Rows whose code stands behind this one alone.",
        },
        "month": {
            "name": "period", "in": "query", "required": true,
            "schema": { "type": "string", "pattern": "^\\d{4}-\\d{2}$" },
            "description": "The month that is reported, beside the month before.",
        },
        "lang": {
            "name": "lang", "in": "query", "schema": { "type": "string", "maxLength": 64 },
            "description": "Language of headings, titles and names; without it, the questionnaire's first.",
        },
    })
}

/// Name, status and meaning of refusals.
const REFUSALS: [(&str, &str, &str); 5] = [
    ("BadFilter", "400", "There is no such selection."),
    ("SignIn", "401", "A token is needed, or the one shown is wrong, expired or revoked."),
    ("Forbidden", "403", "The token is for another area, or for reading alone."),
    ("NotFound", "404", "There is nothing of this name."),
    ("Refused", "default", "Another refusal or failure."),
];

fn responses() -> Map<String, Value> {
    let problem = json!({ problem::MEDIA: { "schema": { "$ref": "#/components/schemas/Problem" } } });
    let response = |(name, status, meaning): &(&str, &str, &str)| {
        let mut response = json!({ "description": meaning, "content": problem });
        if *status == "401" {
            response["headers"] = json!({ "WWW-Authenticate": { "schema": { "const": "Bearer" } } });
        }
        ((*name).to_owned(), response)
    };
    REFUSALS.iter().map(response).collect()
}

fn problem() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    json!({
        "description": "A problem document (RFC 9457).",
        "type": "object",
        "properties": {
            "type": text("Names the kind of problem for programs: /problems/ and a name."),
            "title": text("The kind, in words."),
            "status": { "type": "integer", "description": "The status of the answer." },
            "detail": text("What is wrong, in words."),
            "at": text("Where: the name of a query parameter, or a JSON pointer into what was posted."),
            "taskid": text("The DAP task that it is about."),
            "counted": { "type": "boolean", "description": "What is refused is counted already." },
        },
        "required": ["type", "title", "status"],
    })
}

/// Descriptions are read here, not in Rust's documentation: names stand without the marks of a link.
#[derive(Clone)]
struct Prose;

impl Transform for Prose {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(Value::String(text)) = schema.get_mut("description") {
            *text = text.replace("[`", "`").replace("`]", "`");
        }
        transform_subschemas(self, schema);
    }
}
