//! JSON of which only that is kept what a call has: lists and objects anywhere else are read and forgotten, so
//! that a body of a hundred thousand of them takes no more memory than its bytes.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// A value.
#[derive(Debug)]
pub(super) enum Token<'a> {
    Null,
    Number(Number),
    Text(Cow<'a, str>),
    Call(Box<Fields<'a>>),
    Parameters(Parameters<'a>),
    /// A value of no method's parameters.
    Other,
}

/// The members of a call's object; of two of the same name, the last.
#[derive(Debug, Default)]
pub(super) struct Fields<'a> {
    pub(super) jsonrpc: Option<Token<'a>>,
    pub(super) method: Option<Token<'a>>,
    pub(super) params: Option<Token<'a>>,
    pub(super) id: Option<Token<'a>>,
}

/// The first parameter of a list or object, and their number. Methods have at most one parameter, so that its name
/// does not matter.
#[derive(Debug, Default)]
pub(super) struct Parameters<'a> {
    pub(super) first: Option<Box<Token<'a>>>,
    pub(super) count: usize,
}

/// The form in which a list or an object is read.
#[derive(Clone, Copy, Debug)]
pub(super) enum As {
    Call,
    Parameters,
    Nothing,
}

impl<'de> DeserializeSeed<'de> for As {
    type Value = Token<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Token<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for As {
    type Value = Token<'de>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Token<'de>, E> {
        Ok(Token::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Token<'de>, E> {
        Ok(Token::Other)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Token<'de>, E> {
        Ok(Token::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Token<'de>, E> {
        Ok(Token::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Token<'de>, E> {
        Ok(Number::from_f64(number).map_or(Token::Other, Token::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Token<'de>, E> {
        Ok(Token::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Token<'de>, E> {
        Ok(Token::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Token<'de>, A::Error> {
        let mut parameters = Parameters::default();
        if matches!(self, Self::Parameters)
            && let Some(first) = list.next_element_seed(Self::Nothing)?
        {
            parameters = Parameters { first: Some(Box::new(first)), count: 1 };
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            parameters.count += 1;
        }
        Ok(match self {
            Self::Parameters => Token::Parameters(parameters),
            Self::Call | Self::Nothing => Token::Other,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Token<'de>, A::Error> {
        let (mut fields, mut parameters) = (Fields::default(), Parameters::default());
        while let Some(name) = object.next_key_seed(Self::Nothing)? {
            let field = match (self, &name) {
                (Self::Parameters, _) => {
                    parameters.count += 1;
                    match parameters.first {
                        Some(_) => drop(object.next_value::<IgnoredAny>()?),
                        None => {
                            let first = object.next_value_seed(Self::Nothing)?;
                            parameters.first = Some(Box::new(first));
                        }
                    }
                    continue;
                }
                (Self::Call, Token::Text(name)) => match &**name {
                    "jsonrpc" => &mut fields.jsonrpc,
                    "method" => &mut fields.method,
                    "id" => &mut fields.id,
                    "params" => {
                        fields.params = Some(object.next_value_seed(Self::Parameters)?);
                        continue;
                    }
                    _ => {
                        object.next_value::<IgnoredAny>()?;
                        continue;
                    }
                },
                _ => {
                    object.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *field = Some(object.next_value_seed(Self::Nothing)?);
        }
        Ok(match self {
            Self::Call => Token::Call(Box::new(fields)),
            Self::Parameters => Token::Parameters(parameters),
            Self::Nothing => Token::Other,
        })
    }
}
