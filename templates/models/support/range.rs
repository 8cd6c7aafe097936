/// A range: `[1,3)` is `Bounds(Included(1), Excluded(3))`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
{% include "models/support/data.rs" %}
pub enum Range<T> {
    /// No value is in it.
    Empty,
    /// The values between a lower and an upper bound.
    Bounds(Bound<T>, Bound<T>),
}
{% if postgres %}
#[cfg(feature = "postgres-types")]
impl<T> Range<T> {
    const EMPTY: u8 = 0x01;
    const LOWER_INCLUDED: u8 = 0x02;
    const UPPER_INCLUDED: u8 = 0x04;
    const LOWER_UNBOUNDED: u8 = 0x08;
    const UPPER_UNBOUNDED: u8 = 0x10;

    fn from_wire<'a>(subtype: &postgres_types::Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>>
    where
        T: postgres_types::FromSql<'a>,
    {
        let (flags, mut rest) = raw.split_first().ok_or("a range without its first byte")?;
        if flags & Self::EMPTY != 0 {
            return Ok(Self::Empty);
        }
        let mut bound = |unbounded: u8, included: u8| -> Result<Bound<T>, Box<dyn Error + Sync + Send>> {
            if flags & unbounded != 0 {
                return Ok(Bound::Unbounded);
            }
            let value = T::from_sql(subtype, part(&mut rest)?)?;
            Ok(if flags & included != 0 { Bound::Included(value) } else { Bound::Excluded(value) })
        };
        let lower = bound(Self::LOWER_UNBOUNDED, Self::LOWER_INCLUDED)?;
        let upper = bound(Self::UPPER_UNBOUNDED, Self::UPPER_INCLUDED)?;
        Ok(Self::Bounds(lower, upper))
    }

    fn to_wire(
        &self,
        subtype: &postgres_types::Type,
        out: &mut bytes::BytesMut,
    ) -> Result<(), Box<dyn Error + Sync + Send>>
    where
        T: postgres_types::ToSql,
    {
        let Self::Bounds(lower, upper) = self else {
            out.extend_from_slice(&[Self::EMPTY]);
            return Ok(());
        };
        let flags = match lower {
            Bound::Included(_) => Self::LOWER_INCLUDED,
            Bound::Excluded(_) => 0,
            Bound::Unbounded => Self::LOWER_UNBOUNDED,
        } | match upper {
            Bound::Included(_) => Self::UPPER_INCLUDED,
            Bound::Excluded(_) => 0,
            Bound::Unbounded => Self::UPPER_UNBOUNDED,
        };
        out.extend_from_slice(&[flags]);
        for bound in [lower, upper] {
            if let Bound::Included(value) | Bound::Excluded(value) = bound {
                measured(out, |out| match value.to_sql(subtype, out)? {
                    postgres_types::IsNull::No => Ok(()),
                    postgres_types::IsNull::Yes => Err("a bound cannot be NULL".into()),
                })?;
            }
        }
        Ok(())
    }
}

/// Takes the next part, behind its length.
#[cfg(feature = "postgres-types")]
fn part<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Box<dyn Error + Sync + Send>> {
    let (length, behind) = rest.split_first_chunk::<4>().ok_or("a range that breaks off")?;
    let length = usize::try_from(i32::from_be_bytes(*length))?;
    let (part, behind) = behind.split_at_checked(length).ok_or("a range that breaks off")?;
    *rest = behind;
    Ok(part)
}

/// Writes a part, its length before it.
#[cfg(feature = "postgres-types")]
fn measured(
    out: &mut bytes::BytesMut,
    write: impl FnOnce(&mut bytes::BytesMut) -> Result<(), Box<dyn Error + Sync + Send>>,
) -> Result<(), Box<dyn Error + Sync + Send>> {
    let at = out.len();
    out.extend_from_slice(&[0; 4]);
    write(out)?;
    let length = i32::try_from(out.len() - at - 4)?;
    out[at..at + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

#[cfg(feature = "postgres-types")]
impl<'a, T: postgres_types::FromSql<'a>> postgres_types::FromSql<'a> for Range<T> {
    fn from_sql(ty: &postgres_types::Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match ty.kind() {
            postgres_types::Kind::Range(subtype) => Self::from_wire(subtype, raw),
            _ => Err(format!("{ty} is no range").into()),
        }
    }

    fn accepts(ty: &postgres_types::Type) -> bool {
        matches!(ty.kind(), postgres_types::Kind::Range(subtype) if T::accepts(subtype))
    }
}

#[cfg(feature = "postgres-types")]
impl<T: postgres_types::ToSql> postgres_types::ToSql for Range<T> {
    fn to_sql(
        &self,
        ty: &postgres_types::Type,
        out: &mut bytes::BytesMut,
    ) -> Result<postgres_types::IsNull, Box<dyn Error + Sync + Send>> {
        match ty.kind() {
            postgres_types::Kind::Range(subtype) => self.to_wire(subtype, out)?,
            _ => return Err(format!("{ty} is no range").into()),
        }
        Ok(postgres_types::IsNull::No)
    }

    fn accepts(ty: &postgres_types::Type) -> bool {
        matches!(ty.kind(), postgres_types::Kind::Range(subtype) if T::accepts(subtype))
    }

    postgres_types::to_sql_checked!();
}
{% endif %}
