//! What a request brings besides its query: the id in its path and its JSON body, refused as problems.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::error::Category;

use super::problem::{Answer, Kind, Problem};

/// The largest body that is read, in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// The id in the path; what is not a number names nothing.
#[derive(Debug)]
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: FromStr + Send> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let Named(text) = Named::from_request_parts(parts, state).await?;
        text.parse().map(Self).map_err(|_| Problem::not_found("An id is a whole number"))
    }
}

/// Two ids in the path.
#[derive(Debug)]
pub struct Ids<A, B>(pub A, pub B);

impl<S: Send + Sync, A: FromStr + Send, B: FromStr + Send> FromRequestParts<S> for Ids<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let Path((first, second)) = Path::<(String, String)>::from_request_parts(parts, state)
            .await
            .map_err(|refused| Problem::new(Kind::BadRequest, refused.body_text()))?;
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(Self(first, second)),
            _ => Err(Problem::not_found("An id is a whole number")),
        }
    }
}

/// The name in the path.
#[derive(Debug)]
pub struct Named(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Answer<Self> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|refused| Problem::new(Kind::BadRequest, refused.body_text()))?;
        // No name of ours has one, and PostgreSQL takes no text with a zero character.
        if text.chars().any(char::is_control) {
            return Err(Problem::not_found("No name has control characters"));
        }
        Ok(Self(text))
    }
}

/// The JSON body.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        if let Some(kind) = request.headers().get(CONTENT_TYPE)
            && !kind.to_str().is_ok_and(is_json)
        {
            return Err(Problem::new(Kind::NotJson, "Send it with `Content-Type: application/json`."));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|refused| match refused.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Problem::new(Kind::TooLarge, format!("A body has at most {LARGEST} bytes."))
            }
            _ => Problem::new(Kind::BadRequest, "The body did not arrive whole."),
        })?;
        serde_json::from_slice(&bytes).map(|Object(body)| Self(body)).map_err(|error| {
            match error.classify() {
                Category::Data => Problem::new(Kind::Invalid, format!("The body's JSON: {error}.")),
                Category::Syntax | Category::Eof | Category::Io => {
                    Problem::new(Kind::BadRequest, format!("The body is not JSON: {error}."))
                }
            }
        })
    }
}

/// The JSON body of a call that can do without.
#[derive(Debug)]
pub struct OptionalBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        let empty = axum::body::HttpBody::is_end_stream(request.body());
        if empty {
            return Ok(Self(T::default()));
        }
        Body::<T>::from_request(request, state).await.map(|Body(body)| Self(body))
    }
}

fn is_json(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or(kind).trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// An object. What is derived for a struct would take the values alone, in the order of its fields, too.
#[derive(Debug)]
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = T;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(fields))
            }
        }

        from.deserialize_map(Fields(PhantomData)).map(Self)
    }
}

/// A list of objects.
pub fn objects<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Vec::deserialize(from)?.into_iter().map(|Object(each)| each).collect())
}

/// A key of a change: left out (no change), null (taken away), or a new value.
#[derive(Debug, Default)]
pub enum Change<T> {
    /// It stays.
    #[default]
    Kept,
    /// It is taken away.
    Taken,
    /// It is something else now.
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(from)?.map_or(Self::Taken, Self::Set))
    }
}

impl<T> Change<T> {
    /// The value after the change.
    pub fn over<U>(self, before: Option<U>, turn: impl FnOnce(T) -> Option<U>) -> Option<U> {
        match self {
            Self::Kept => before,
            Self::Taken => None,
            Self::Set(new) => turn(new),
        }
    }
}
