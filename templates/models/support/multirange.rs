/// A multirange: ranges in order that neither touch nor overlap.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
{% include "models/support/data.rs" %}
{% if serde %}#[cfg_attr(feature = "serde", serde(transparent))]{% endif %}
{% if schemars %}#[cfg_attr(feature = "schemars", schemars(transparent))]{% endif %}
pub struct Multirange<T>(pub Vec<Range<T>>);
{% if postgres %}
#[cfg(feature = "postgres-types")]
impl<'a, T: postgres_types::FromSql<'a>> postgres_types::FromSql<'a> for Multirange<T> {
    fn from_sql(ty: &postgres_types::Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        let postgres_types::Kind::Multirange(subtype) = ty.kind() else {
            return Err(format!("{ty} is no multirange").into());
        };
        let (count, mut rest) = raw.split_first_chunk::<4>().ok_or("a multirange that breaks off")?;
        let mut ranges = Vec::new();
        for _ in 0..i32::from_be_bytes(*count) {
            ranges.push(Range::from_wire(subtype, part(&mut rest)?)?);
        }
        Ok(Self(ranges))
    }

    fn accepts(ty: &postgres_types::Type) -> bool {
        matches!(ty.kind(), postgres_types::Kind::Multirange(subtype) if T::accepts(subtype))
    }
}

#[cfg(feature = "postgres-types")]
impl<T: postgres_types::ToSql> postgres_types::ToSql for Multirange<T> {
    fn to_sql(
        &self,
        ty: &postgres_types::Type,
        out: &mut bytes::BytesMut,
    ) -> Result<postgres_types::IsNull, Box<dyn Error + Sync + Send>> {
        let postgres_types::Kind::Multirange(subtype) = ty.kind() else {
            return Err(format!("{ty} is no multirange").into());
        };
        out.extend_from_slice(&i32::try_from(self.0.len())?.to_be_bytes());
        for range in &self.0 {
            measured(out, |out| range.to_wire(subtype, out))?;
        }
        Ok(postgres_types::IsNull::No)
    }

    fn accepts(ty: &postgres_types::Type) -> bool {
        matches!(ty.kind(), postgres_types::Kind::Multirange(subtype) if T::accepts(subtype))
    }

    postgres_types::to_sql_checked!();
}
{% endif %}
