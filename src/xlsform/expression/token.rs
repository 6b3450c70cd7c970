//! Tokens of an expression.

use super::{Operator, Wrong};

/// A token, and its first character from 1.
pub(super) type Placed = (usize, Token);

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// `'words'` or `"words"`.
    Text(String),
    /// A whole number.
    Number(i64),
    /// `${name}`.
    Name(String),
    /// A word: a function, `and`, `or`, …
    Word(String),
    /// An operator that compares.
    Compare(Operator),
    /// `.`, `(`, `)`, `,`, `-`.
    Sign(char),
}

/// Cuts an expression into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, Wrong> {
    let characters: Vec<char> = text.chars().collect();
    let mut cutter = Cutter { characters: &characters, at: 0 };
    let mut tokens = Vec::new();
    loop {
        cutter.take_while(char::is_whitespace);
        let start = cutter.at + 1;
        let Some(first) = cutter.peek() else { return Ok(tokens) };
        tokens.push((start, cutter.token(first, start)?));
    }
}

struct Cutter<'c> {
    characters: &'c [char],
    at: usize,
}

impl Cutter<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn takes(&mut self, c: char) -> bool {
        let takes = self.peek() == Some(c);
        self.at += usize::from(takes);
        takes
    }

    fn take_while(&mut self, holds: impl Fn(char) -> bool) -> String {
        let taken: String = self.characters[self.at..].iter().take_while(|c| holds(**c)).collect();
        self.at += taken.chars().count();
        taken
    }

    fn token(&mut self, first: char, start: usize) -> Result<Token, Wrong> {
        match first {
            '0'..='9' => self.number(start),
            '\'' | '"' | '‘' | '’' | '“' | '”' => self.text(first, start),
            '$' => self.name(start),
            c if c.is_ascii_alphabetic() => {
                Ok(Token::Word(self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))))
            }
            _ => self.sign(first, start),
        }
    }

    fn number(&mut self, start: usize) -> Result<Token, Wrong> {
        let digits = self.take_while(|c| c.is_ascii_digit());
        if self.peek() == Some('.') {
            return Wrong::at("bad_number", start, "only whole numbers are counted, so only they are compared");
        }
        match digits.parse() {
            Ok(number) => Ok(Token::Number(number)),
            Err(_) => Wrong::at("bad_number", start, format_args!("{digits} is too large a number")),
        }
    }

    fn text(&mut self, quote: char, start: usize) -> Result<Token, Wrong> {
        if !matches!(quote, '\'' | '"') {
            return Wrong::at("bad_quote", start, format_args!("`{quote}` is no quotation mark here; write ' or \""));
        }
        self.at += 1;
        let text = self.take_while(|c| c != quote);
        if self.takes(quote) {
            return Ok(Token::Text(text));
        }
        Wrong::at("open_text", start, format_args!("the text that begins here lacks its closing {quote}"))
    }

    fn name(&mut self, start: usize) -> Result<Token, Wrong> {
        self.at += 1;
        if self.takes('{') {
            let name = self.take_while(|c| c != '}');
            if self.takes('}') {
                return Ok(Token::Name(name.trim().to_owned()));
            }
        }
        Wrong::at("bad_name", start, "a question is named `${name}`")
    }

    fn sign(&mut self, first: char, start: usize) -> Result<Token, Wrong> {
        self.at += 1;
        let token = match first {
            '=' => Token::Compare(Operator::Equal),
            '!' if self.takes('=') => Token::Compare(Operator::Unequal),
            '<' if self.takes('=') => Token::Compare(Operator::AtMost),
            '<' => Token::Compare(Operator::Less),
            '>' if self.takes('=') => Token::Compare(Operator::AtLeast),
            '>' => Token::Compare(Operator::More),
            '/' => return Wrong::at("path", start, "paths are not read; name a question `${name}`, this one `.`"),
            '.' if self.peek() == Some('.') => {
                return Wrong::at("path", start, "paths are not read; name a question `${name}`, this one `.`");
            }
            '.' | '(' | ')' | ',' | '-' => Token::Sign(first),
            '+' | '*' | '|' => {
                return Wrong::at(
                    "arithmetic",
                    start,
                    format_args!("`{first}`: nothing is reckoned; compare an answer with a number"),
                );
            }
            other => return Wrong::at("bad_character", start, format_args!("`{other}` means nothing here")),
        };
        Ok(token)
    }
}
