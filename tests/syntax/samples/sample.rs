//! Shapes with ünïcode names.

use std::collections::HashMap;
use std::fmt::{self, Display, Write as _};
use crate::store::{files::{open, File}, Store as Shelf};
use super::*;
use serde;
extern crate alloc;
pub use self::inner::Deep;

/// How many é fit.
pub const LIMIT: usize = 3;
static mut COUNT: u32 = 0;

/// Another name.
pub type Names = Vec<String>;

mod outside;

/// Holds items.
#[derive(Debug, Clone)]
#[repr(C)]
pub struct Stack<T: Item> {
    /// Counts.
    pub size: usize,
    items: Vec<T>,
    store: Shelf,
}

struct Pair(u8, Store);

#[derive(Default)]
pub enum Mode {
    #[default]
    Read,
    Write(Handle),
    Both { left: Handle },
}

union Bits {
    whole: u32,
}

/// How things look.
pub trait Look: Sized + fmt::Display {
    const WIDTH: usize = 1;
    type Output;

    fn paint(&self, brush: &Brush) -> Result<(), Error>;

    fn width(&self) -> usize {
        Self::WIDTH
    }
}

impl<T: Item> Stack<T> {
    /// Makes one.
    pub fn new(size: usize) -> Self {
        // The items come later.
        Stack { size, items: vec![], store: Shelf::default() }
    }

    async fn push(&mut self, item: T) -> Option<&T> {
        let handle = Handle::new(&item);
        let mut count: u32 = 0;
        let (first, second) = handle.split();
        let literal = Pair { 0: 1 };
        for each in self.items.iter() {
            each.touch().await?;
        }
        if let Some(found) = self.store.files.find(|name: &str| name.len() > 1) {
            println!("ö {}", found);
        }
        match handle {
            Mode::Read => open(first),
            other @ Mode::Write(inner) => inner.close::<u8>(),
            _ => unsafe { COUNT += count },
        }
        self.items.last()
    }
}

impl<T: Item> Look for Stack<T> {
    type Output = String;

    fn paint(&self, brush: &Brush) -> Result<(), Error> {
        brush.draw(self.size as f32)
    }
}

/// Doubles.
#[macro_export]
macro_rules! double {
    ($x:expr) => { $x * 2 };
}

extern "C" {
    fn outside_call(value: i32);
}

pub(crate) fn apply<F>(action: F, names: Names) -> impl Display
where
    F: Fn(u8) -> u8,
{
    fn nested() {}
    nested();
    action(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pushes.
    #[test]
    fn pushes() {
        assert_eq!(Stack::<u8>::new(1).size, double!(1));
    }

    #[tokio::test]
    #[should_panic(expected = "é")]
    async fn waits() {}

    fn no_test() {}
}
