//! Many short lists in one piece of memory: quick to read from a file, and near each other when they are used.

use serde::{Deserialize, Serialize};

/// Lists by number, from 0.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Grouped<T> {
    /// For each list where it begins, and at the end where the last one ends.
    bounds: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Grouped<T> {
    fn default() -> Self {
        Self { bounds: vec![0], items: Vec::new() }
    }
}

impl<T> Grouped<T> {
    /// Adds a list after the last.
    pub(crate) fn push(&mut self, items: impl IntoIterator<Item = T>) {
        self.items.extend(items);
        self.bounds.push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
    }

    /// How many lists there are.
    pub(crate) fn len(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    /// The list of that number; empty where there is none.
    pub(crate) fn get(&self, number: usize) -> &[T] {
        match self.bounds.get(number..) {
            Some([start, end, ..]) => self.items.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// All lists, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.len()).map(|number| self.get(number))
    }

    /// `count` lists, each of what has its number; within a list in the order given.
    pub(crate) fn by_number(count: usize, mut items: Vec<(usize, T)>) -> Self {
        items.sort_by_key(|(number, _)| *number);
        Self::from_sorted(count, items)
    }

    /// As [`by_number`](Self::by_number), of what is ordered by number already.
    pub(crate) fn from_sorted(count: usize, items: Vec<(usize, T)>) -> Self {
        let mut grouped = Self::default();
        let mut items = items.into_iter().peekable();
        for number in 0..count {
            grouped.push(std::iter::from_fn(|| items.next_if(|(of, _)| *of == number).map(|(_, item)| item)));
        }
        grouped
    }
}
