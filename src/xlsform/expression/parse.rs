//! From tokens to an expression, by recursive descent.

use super::{
    Expression, Node, Wrong,
    token::{Placed, Token, tokens},
};

/// Brackets and calls nest so deep at most.
const DEPTH: usize = 64;

/// Reads an expression.
pub(in crate::xlsform) fn parse(text: &str) -> Result<Expression, Wrong> {
    parse_with(text, &|_| None)
}

/// Reads an expression in which words stand for texts: the columns of a choice, in a `choice_filter`.
pub(in crate::xlsform) fn parse_with(text: &str, column: &dyn Fn(&str) -> Option<String>) -> Result<Expression, Wrong> {
    let mut tokens = tokens(text)?;
    for next in 0..tokens.len() {
        let called = matches!(tokens.get(next + 1), Some((_, Token::Sign('('))));
        if let Token::Word(word) = &tokens[next].1
            && !called
            && !matches!(word.as_str(), "and" | "or" | "div" | "mod")
            && let Some(text) = column(word)
        {
            tokens[next].1 = Token::Text(text);
        }
    }
    let mut parser = Parser { tokens: &tokens, next: 0, end: text.chars().count() + 1 };
    let expression = parser.any(DEPTH)?;
    match parser.tokens.get(parser.next) {
        None => Ok(expression),
        Some((at, Token::Sign('-'))) => arithmetic(*at, "-"),
        Some((at, Token::Word(word))) if matches!(word.as_str(), "div" | "mod") => arithmetic(*at, word),
        Some((at, Token::Compare(_))) => {
            Wrong::at("bad_expression", *at, "a comparison of a comparison; join them with `and`")
        }
        Some((at, _)) => Wrong::at("bad_expression", *at, "an `and`, an `or` or the end is expected"),
    }
}

fn arithmetic<T>(at: usize, sign: &str) -> Result<T, Wrong> {
    Wrong::at("arithmetic", at, format_args!("`{sign}`: nothing is reckoned; compare an answer with a number"))
}

struct Parser<'t> {
    tokens: &'t [Placed],
    next: usize,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(at, _)| *at)
    }

    fn takes(&mut self, token: &Token) -> bool {
        let takes = self.peek() == Some(token);
        self.next += usize::from(takes);
        takes
    }

    fn word(&mut self, word: &str) -> bool {
        let takes = matches!(self.peek(), Some(Token::Word(it)) if it == word);
        self.next += usize::from(takes);
        takes
    }

    /// `a or b or …`, the loosest.
    fn any(&mut self, depth: usize) -> Result<Expression, Wrong> {
        if depth == 0 {
            return Wrong::at("too_deep", self.at(), format_args!("brackets nest {DEPTH} deep at most"));
        }
        self.chain("or", Node::Or, &mut |parser| parser.chain("and", Node::And, &mut |parser| parser.comparison(depth)))
    }

    fn chain(
        &mut self,
        word: &str,
        node: fn(Vec<Expression>) -> Node,
        part: &mut dyn FnMut(&mut Self) -> Result<Expression, Wrong>,
    ) -> Result<Expression, Wrong> {
        let at = self.at();
        let mut parts = vec![part(self)?];
        while self.word(word) {
            parts.push(part(self)?);
        }
        match parts.pop() {
            Some(only) if parts.is_empty() => Ok(only),
            last => Ok(Expression { at, node: node(parts.into_iter().chain(last).collect()) }),
        }
    }

    fn comparison(&mut self, depth: usize) -> Result<Expression, Wrong> {
        let at = self.at();
        let left = self.value(depth)?;
        let Some(&Token::Compare(operator)) = self.peek() else { return Ok(left) };
        self.next += 1;
        let right = self.value(depth)?;
        Ok(Expression { at, node: Node::Compare(operator, Box::new(left), Box::new(right)) })
    }

    fn value(&mut self, depth: usize) -> Result<Expression, Wrong> {
        let at = self.at();
        let Some(token) = self.peek().cloned() else {
            return Wrong::at("bad_expression", at, "a value is expected, and the expression ends");
        };
        self.next += 1;
        let node = match token {
            Token::Text(text) => Node::Text(text),
            Token::Number(number) => Node::Number(number),
            Token::Name(name) => Node::Name(name),
            Token::Sign('.') => Node::This,
            Token::Sign('-') => self.negative(at)?,
            Token::Sign('(') => {
                let inner = self.any(depth - 1)?;
                self.close(at)?;
                Node::Bracketed(Box::new(inner))
            }
            Token::Word(word) if self.takes(&Token::Sign('(')) => Node::Call(word, self.arguments(at, depth)?),
            Token::Word(word) => {
                let message = format_args!("`{word}` stands alone: a question is `${{{word}}}`, a text `'{word}'`");
                return Wrong::at("bare_word", at, message);
            }
            Token::Compare(_) | Token::Sign(_) => return Wrong::at("bad_expression", at, "a value is expected"),
        };
        Ok(Expression { at, node })
    }

    fn negative(&mut self, at: usize) -> Result<Node, Wrong> {
        match self.peek() {
            Some(&Token::Number(number)) => {
                self.next += 1;
                Ok(Node::Number(-number))
            }
            _ => arithmetic(at, "-"),
        }
    }

    fn arguments(&mut self, at: usize, depth: usize) -> Result<Vec<Expression>, Wrong> {
        let mut arguments = Vec::new();
        if self.takes(&Token::Sign(')')) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.any(depth - 1)?);
            if !self.takes(&Token::Sign(',')) {
                self.close(at)?;
                return Ok(arguments);
            }
        }
    }

    fn close(&mut self, opened: usize) -> Result<(), Wrong> {
        if self.takes(&Token::Sign(')')) {
            return Ok(());
        }
        match self.tokens.get(self.next) {
            Some((at, Token::Sign('-'))) => arithmetic(*at, "-"),
            Some((at, Token::Word(word))) if matches!(word.as_str(), "div" | "mod") => arithmetic(*at, word),
            _ => Wrong::at("open_bracket", opened, "the bracket that opens here is not closed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_before_or_and_keeps_brackets() {
        let Ok(Expression { node: Node::Or(parts), .. }) = parse("${a} = 1 and . != 'x' or (true())") else { panic!() };
        assert!(matches!(&parts[0].node, Node::And(both) if both.len() == 2));
        assert!(matches!(&parts[1].node, Node::Bracketed(_)));
        assert_eq!(parts[1].at, 26);
    }

    #[test]
    fn tells_what_is_wrong_and_where() {
        for (text, code) in [
            ("", "bad_expression"),
            ("${a} =", "bad_expression"),
            ("${a} = 1 = 2", "bad_expression"),
            ("${a} 1", "bad_expression"),
            ("selected(${a}, 'x'", "open_bracket"),
            ("'x", "open_text"),
            ("${a", "bad_name"),
            ("$a", "bad_name"),
            ("a = 1", "bare_word"),
            ("/data/a = 1", "path"),
            ("../a = 1", "path"),
            ("${a} + 1 = 2", "arithmetic"),
            ("${a} - 1 = 2", "arithmetic"),
            ("(${a} mod 2) = 1", "arithmetic"),
            ("${a} = 1.5", "bad_number"),
            ("${a} = 99999999999999999999", "bad_number"),
            ("${a} = ‘x’", "bad_quote"),
            ("${a} ? 1", "bad_character"),
        ] {
            assert_eq!(parse(text).unwrap_err().code, code, "{text}");
        }
        assert_eq!(parse(&"(".repeat(100_000)).unwrap_err().code, "too_deep");
        assert_eq!(parse("${a} = 1.5").unwrap_err().message.split(" (at ").last(), Some("character 8)"));
    }
}
