//! Maps from users, who have numbers, in two forms.

use std::collections::HashMap;

use crate::user::id;

/// A map from users.
#[derive(Debug)]
pub(crate) enum Index<T> {
    /// Each entry contains the user's id, and the table grows by doubling.
    Hashed(HashMap<String, T>),
    /// Entries in the order of the users' numbers, without ids; found by position, or by bisection
    /// where users are missing.
    Dense(Vec<(u32, T)>),
}

impl<T> Index<T> {
    pub(crate) fn hashed() -> Self {
        Self::Hashed(HashMap::new())
    }

    pub(crate) fn dense(users: usize) -> Self {
        Self::Dense(Vec::with_capacity(users))
    }

    #[inline]
    pub(crate) fn insert(&mut self, user: u32, value: T) {
        match self {
            Self::Hashed(table) => drop(table.insert(id(user), value)),
            Self::Dense(list) => match place(list, user) {
                Ok(at) => list[at].1 = value,
                Err(at) => list.insert(at, (user, value)),
            },
        }
    }

    pub(crate) fn get_mut(&mut self, user: u32) -> Option<&mut T> {
        match self {
            Self::Hashed(table) => table.get_mut(&id(user)),
            Self::Dense(list) => place(list, user).ok().map(|at| &mut list[at].1),
        }
    }

    pub(crate) fn clear(&mut self) {
        match self {
            Self::Hashed(table) => *table = HashMap::new(),
            Self::Dense(list) => *list = Vec::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Hashed(table) => table.len(),
            Self::Dense(list) => list.len(),
        }
    }
}

fn place<T>(list: &[(u32, T)], user: u32) -> Result<usize, usize> {
    match list.get(user as usize) {
        Some((there, _)) if *there == user => Ok(user as usize),
        _ if list.last().is_none_or(|(last, _)| *last < user) => Err(list.len()),
        _ => list.binary_search_by_key(&user, |(there, _)| *there),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_find_the_same_values() {
        for mut index in [Index::hashed(), Index::dense(0)] {
            for user in [7, 2, 9, 2, 0, 1] {
                index.insert(user, user * 10);
            }
            index.insert(9, 91);
            assert_eq!(index.len(), 5);
            let found = |index: &mut Index<u32>, user| index.get_mut(user).copied();
            assert_eq!(found(&mut index, 2), Some(20));
            assert_eq!(found(&mut index, 9), Some(91));
            assert_eq!(found(&mut index, 3), None);
            index.clear();
            assert_eq!(index.len(), 0);
        }
    }
}
