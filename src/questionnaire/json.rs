//! JSON as a tree: what a questionnaire file can hold and no more.
//!
//! RFC 8259, narrowed in two places: an object that names a field twice is refused (a slip that other
//! readers pass over in silence), and so is a number that is not whole (nothing in a questionnaire is).
//! It is written here because every byte of the module is paid for by a phone on a slow network: with
//! `serde_json`'s reader it is a quarter larger. `tests/json.rs` holds this one against that.

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object; its fields in the order of their names.
    Object(Vec<(String, Json)>),
}

/// What is broken, and after how many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// In words.
    pub what: &'static str,
    /// Bytes before it.
    pub offset: usize,
}

/// Lists and objects nest so deep at most.
const DEPTH: usize = 64;

impl Json {
    /// Parses a document.
    ///
    /// # Errors
    /// The first thing that is broken.
    pub fn parse(bytes: &[u8]) -> Result<Self, Broken> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(Broken { what: "the file is not UTF-8", offset: 0 });
        };
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(DEPTH)?;
        reader.space();
        if reader.at == text.len() { Ok(value) } else { reader.broken("something follows the document") }
    }

    /// What it is, for people.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// The canonical form: fields sorted, no white space. It is that of RFC 8785 for every questionnaire that
    /// is valid; beyond the names that one can hold, RFC 8785 sorts by UTF-16 units and this by characters.
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(value) => out.push_str(&value.to_string()),
            Self::Text(text) => write_text(text, out),
            Self::List(values) => {
                out.push('[');
                for (i, value) in values.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    value.write(out);
                }
                out.push(']');
            }
            Self::Object(fields) => {
                out.push('{');
                for (i, (name, value)) in fields.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    write_text(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    for c in text.chars() {
        let short = match c {
            '"' | '\\' => c,
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\u{8}' => 'b',
            '\u{c}' => 'f',
            '\0'..' ' => {
                out.push_str("\\u00");
                out.push(char::from(DIGITS[c as usize >> 4]));
                out.push(char::from(DIGITS[c as usize & 15]));
                continue;
            }
            _ => {
                out.push(c);
                continue;
            }
        };
        out.push('\\');
        out.push(short);
    }
    out.push('"');
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn broken<T>(&self, what: &'static str) -> Result<T, Broken> {
        Err(Broken { what, offset: self.at })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Steps over white space and then a byte, if it is the next one.
    fn takes(&mut self, byte: u8) -> bool {
        self.space();
        let takes = self.peek() == Some(byte);
        self.at += usize::from(takes);
        takes
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, Broken> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return self.broken("a value is expected");
        }
        self.at += word.len();
        Ok(value)
    }

    fn value(&mut self, depth: usize) -> Result<Json, Broken> {
        self.space();
        match self.peek() {
            None => self.broken("the file ends too early"),
            Some(b'{' | b'[') if depth == 0 => self.broken("lists and objects nest too deep"),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(_) => self.word("null", Json::Null),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, Broken> {
        self.at += 1;
        let mut values = Vec::new();
        if self.takes(b']') {
            return Ok(Json::List(values));
        }
        loop {
            values.push(self.value(depth - 1)?);
            if self.takes(b']') {
                return Ok(Json::List(values));
            }
            self.expect(b',', "`,` or `]` is expected")?;
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, Broken> {
        self.at += 1;
        let mut fields: Vec<(String, Json)> = Vec::new();
        if self.takes(b'}') {
            return Ok(Json::Object(fields));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return self.broken("the name of a field is expected, in quotes");
            }
            let name = self.string()?;
            self.expect(b':', "`:` is expected")?;
            match fields.binary_search_by(|(other, _)| other.cmp(&name)) {
                Ok(_) => return self.broken("the object names this field twice"),
                Err(place) => fields.insert(place, (name, self.value(depth - 1)?)),
            }
            if self.takes(b'}') {
                return Ok(Json::Object(fields));
            }
            self.expect(b',', "`,` or `}` is expected")?;
        }
    }

    fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Broken> {
        if self.takes(byte) { Ok(()) } else { self.broken(what) }
    }

    fn number(&mut self) -> Result<Json, Broken> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let first = self.at;
        let mut value = Some(0i64);
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let digit = i64::from(digit - b'0');
            let digit = if negative { -digit } else { digit };
            value = value.and_then(|value| value.checked_mul(10)?.checked_add(digit));
            self.at += 1;
        }
        let digits = &self.text.as_bytes()[first..self.at];
        if digits.is_empty() || (digits.len() > 1 && digits[0] == b'0') {
            return self.broken("a number is not written like this");
        }
        if let Some(b'.' | b'e' | b'E') = self.peek() {
            return self.broken("the number is not whole");
        }
        self.at = if value.is_some() { self.at } else { start };
        value.map_or_else(|| self.broken("the number is too large"), |value| Ok(Json::Number(value)))
    }

    fn string(&mut self) -> Result<String, Broken> {
        self.at += 1;
        let mut out = String::new();
        let mut run = self.at;
        loop {
            let byte = self.peek();
            match byte {
                None => return self.broken("the file ends within a text"),
                Some(0..0x20) => return self.broken("a control character within a text; write it as an escape"),
                Some(b'"' | b'\\') => {
                    // Quotes and backslashes are never part of a longer character.
                    out.push_str(self.text.get(run..self.at).unwrap_or_default());
                    self.at += 1;
                    if byte == Some(b'"') {
                        return Ok(out);
                    }
                    out.push(self.escape()?);
                    run = self.at;
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, Broken> {
        let c = match self.peek() {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return self.broken("there is no such escape"),
        };
        self.at += 1;
        Ok(c)
    }

    /// Four hexadecimal digits, or two times four for a surrogate pair.
    fn unicode(&mut self) -> Result<char, Broken> {
        let high = self.four_digits()?;
        let code = if (0xd800..0xdc00).contains(&high) && self.text.as_bytes()[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let low = self.four_digits()?;
            if !(0xdc00..0xe000).contains(&low) {
                return self.broken("half of a surrogate pair");
            }
            0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
        } else {
            high
        };
        char::from_u32(code).map_or_else(|| self.broken("half of a surrogate pair"), Ok)
    }

    fn four_digits(&mut self) -> Result<u32, Broken> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.broken("four hexadecimal digits are expected");
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}
