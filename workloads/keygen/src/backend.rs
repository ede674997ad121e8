//! Which instructions the lanes are made of.

use std::fmt;
use std::str::FromStr;

#[cfg(target_arch = "x86_64")]
use crate::lanes::x86::{Avx2, Avx512, Avx512Ifma};
use crate::lanes::{Lanes, Scalar, Work};

/// The instruction set that hashes several epochs at once.
///
/// [`simd_backend`] is the best of this machine. A caller may choose another one, which changes the
/// time and nothing else; one that the machine lacks does its work as [`Scalar`](Self::Scalar).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SimdBackend {
    /// One epoch at a time, on any machine.
    Scalar,
    /// Eight epochs at a time, on x86-64 with AVX2.
    Avx2,
    /// Sixteen epochs at a time, on x86-64 with AVX-512 F.
    Avx512,
    /// Sixteen epochs at a time, on x86-64 with AVX-512 F and its 52-bit multiplication.
    Avx512Ifma,
}

/// The fastest backend of this machine, found out at run time: no compiler flag is needed.
///
/// ```
/// assert!(keygen::simd_backend().is_available());
/// ```
#[must_use]
pub fn simd_backend() -> SimdBackend {
    let fastest_first = [SimdBackend::Avx512Ifma, SimdBackend::Avx512, SimdBackend::Avx2];
    fastest_first.into_iter().find(|backend| backend.is_available()).unwrap_or(SimdBackend::Scalar)
}

impl SimdBackend {
    /// All backends, the slowest first.
    pub const ALL: [Self; 4] = [Self::Scalar, Self::Avx2, Self::Avx512, Self::Avx512Ifma];

    /// Whether this machine has the instructions.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Scalar => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => Avx2::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => Avx512::detect().is_some(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Ifma => Avx512Ifma::detect().is_some(),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 | Self::Avx512Ifma => false,
        }
    }

    /// How many epochs are hashed at once.
    #[must_use]
    pub fn lanes(self) -> usize {
        struct Count;
        impl Work for Count {
            type Output = usize;

            #[inline(always)]
            fn run<L: Lanes>(self, _: L) -> usize {
                L::COUNT
            }
        }
        self.run(Count)
    }

    /// Does `work` in the lanes of this backend.
    pub(crate) fn run<W: Work>(self, work: W) -> W::Output {
        #[cfg(target_arch = "x86_64")]
        match self {
            Self::Scalar => {}
            Self::Avx2 => {
                if let Some(lanes) = Avx2::detect() {
                    return lanes.run(work);
                }
            }
            Self::Avx512 => {
                if let Some(lanes) = Avx512::detect() {
                    return lanes.run(work);
                }
            }
            Self::Avx512Ifma => {
                if let Some(lanes) = Avx512Ifma::detect() {
                    return lanes.run(work);
                }
            }
        }
        Scalar.run(work)
    }
}

impl fmt::Display for SimdBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scalar => "scalar",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Avx512Ifma => "avx512ifma",
        })
    }
}

/// A text that names no backend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{read}` is no backend; write scalar, avx2, avx512 or avx512ifma")]
pub struct UnknownBackend {
    /// What was read.
    pub read: String,
}

impl FromStr for SimdBackend {
    type Err = UnknownBackend;

    fn from_str(text: &str) -> Result<Self, UnknownBackend> {
        Self::ALL
            .into_iter()
            .find(|backend| backend.to_string() == text)
            .ok_or_else(|| UnknownBackend { read: text.to_owned() })
    }
}
