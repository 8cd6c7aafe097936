use std::fmt;
use std::ops::{Deref, DerefMut};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A field that few objects have. It reads as what it holds does, and takes the
/// room of a pointer where that is the default: a schema has hundreds of
/// thousands of columns, and hardly one with a collation of its own.
pub struct Seldom<T>(Option<Box<T>>);

/// What has a default that is there before anything is.
pub trait Empty: Sized + 'static {
    const EMPTY: &'static Self;
}

impl<T: 'static> Empty for Option<T> {
    const EMPTY: &'static Self = &None;
}

impl<T: 'static> Empty for Vec<T> {
    const EMPTY: &'static Self = &Vec::new();
}

impl<T> Default for Seldom<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Empty> Deref for Seldom<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or(T::EMPTY)
    }
}

impl<T: Empty + Clone> DerefMut for Seldom<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_with(|| Box::new(T::EMPTY.clone()))
    }
}

impl<T: Empty + PartialEq> From<T> for Seldom<T> {
    fn from(value: T) -> Self {
        Self((value != *T::EMPTY).then(|| Box::new(value)))
    }
}

impl<T: Empty + Clone> Seldom<T> {
    /// What it holds, to be changed; none where that is the default.
    pub fn held(&mut self) -> Option<&mut T> {
        self.0.as_deref_mut()
    }

    /// What it holds, by itself.
    pub fn into_inner(self) -> T {
        self.0.map_or_else(|| T::EMPTY.clone(), |value| *value)
    }
}

impl<T> Seldom<Vec<T>> {
    /// The items, to be changed in place. Unlike a look through `&mut` at the list
    /// itself it makes no room where there are none.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.0.as_deref_mut().map(Vec::as_mut_slice).unwrap_or_default()
    }
}

impl<T: Clone> Clone for Seldom<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Empty + PartialEq> PartialEq for Seldom<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Empty + PartialEq> PartialEq<T> for Seldom<T> {
    fn eq(&self, other: &T) -> bool {
        **self == *other
    }
}

impl<T: Empty + fmt::Debug> fmt::Debug for Seldom<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<'s, T> IntoIterator for &'s Seldom<Vec<T>>
where
    T: 'static,
{
    type Item = &'s T;
    type IntoIter = std::slice::Iter<'s, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'s, T> IntoIterator for &'s mut Seldom<Vec<T>>
where
    T: Clone + 'static,
{
    type Item = &'s mut T;
    type IntoIter = std::slice::IterMut<'s, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.as_mut_slice().iter_mut()
    }
}

impl<T: Empty + Serialize> Serialize for Seldom<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).serialize(serializer)
    }
}

impl<'de, T: Empty + PartialEq + Deserialize<'de>> Deserialize<'de> for Seldom<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::from)
    }
}

/// In a document it is what it holds.
impl<T: JsonSchema> JsonSchema for Seldom<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
