//! Complementary suppression: what is too little to be told is put together with its neighbours.

use std::collections::BTreeMap;

use super::{areas::Areas, chain::Count};
use crate::period::Period;

/// Respondents who are told together or not at all: those of an area and a day in a step, or of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The least set of areas that they are in.
    pub node: usize,
    /// The least period that they are all of; none: of no one month.
    pub period: Option<Period>,
    /// Respondents.
    pub n: u64,
    /// Their cells: those of a chain.
    pub cells: Vec<u64>,
}

impl Piece {
    fn add(&mut self, other: &Piece) {
        self.n += other.n;
        self.cells.iter_mut().zip(&other.cells).for_each(|(sum, cell)| *sum += cell);
    }
}

/// What makes a sum safe to be told: k respondents, and k in every count that becomes known with it.
#[derive(Clone, Copy, Debug)]
pub struct Safe<'s> {
    /// The counts.
    pub counts: &'s [Count],
    /// The threshold.
    pub k: u32,
}

impl Safe<'_> {
    /// Whether a sum is safe. If it is, a larger one is too.
    pub fn tells(&self, piece: &Piece) -> bool {
        let k = u64::from(self.k);
        piece.n >= k && self.counts.iter().all(|count| count.of(&piece.cells) >= k)
    }
}

/// Pieces that are told together, by index.
#[derive(Clone, Debug)]
pub struct Atom {
    /// Which pieces.
    pub members: Vec<usize>,
    /// Their sum, in the least set of areas that they all are in.
    pub sum: Piece,
}

/// What there is in a set of areas, while it is gone through from the areas up.
#[derive(Default)]
struct Room {
    /// All of it.
    all: Option<Piece>,
    /// What is not told within it.
    open: Vec<usize>,
    /// The atom to be given up first: what is told of the fewest respondents goes first.
    spare: Option<(u64, usize)>,
}

/// What becomes of an unsafe rest of a set of areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It is told together with one atom of the set.
    TakesOne,
    /// It is left over.
    Waits,
}

/// Groups pieces into atoms, each safe. The others are left over: they are not safe even all together.
///
/// Month by month and from the areas up, a set's unsafe rest is told together if it is safe, else together with one atom
/// of the set, unless it waits, else it is left to the set around it; what a month leaves, to all months together. One
/// atom is enough: it is safe by itself. It is the last one made in the part of the set with the fewest respondents, so
/// that the least is lost.
pub fn group(areas: &Areas, pieces: &[Piece], safe: Safe, rest: Rest) -> Vec<Atom> {
    let mut work = Work { pieces, safe, rest, atoms: Vec::new() };
    let mut months: BTreeMap<Option<Period>, Vec<usize>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        months.entry(piece.period.map(Period::month)).or_default().push(index);
    }
    let mut whole = Room::default();
    for members in months.into_values() {
        let month = work.bottom_up(areas, members);
        whole.around(month, ALL);
    }
    work.close(ALL, &mut whole);
    work.atoms.into_iter().flatten().collect()
}

/// All areas together.
const ALL: usize = 0;

impl Room {
    fn include(&mut self, piece: &Piece, node: usize) {
        match &mut self.all {
            Some(all) => {
                all.period = all.period.zip(piece.period).and_then(|(one, other)| one.with(other));
                all.add(piece);
            }
            None => self.all = Some(Piece { node, ..piece.clone() }),
        }
    }

    /// Takes in what is left of a part of it.
    fn around(&mut self, mut part: Room, node: usize) {
        self.open.append(&mut part.open);
        if let (Some(all), Some((_, atom))) = (&part.all, part.spare) {
            self.offer(all.n, atom);
        }
        if let Some(all) = part.all {
            self.include(&all, node);
        }
    }

    fn offer(&mut self, n: u64, atom: usize) {
        if self.spare.is_none_or(|least| (n, atom) < least) {
            self.spare = Some((n, atom));
        }
    }
}

struct Work<'w> {
    pieces: &'w [Piece],
    safe: Safe<'w>,
    rest: Rest,
    /// Those given up are none.
    atoms: Vec<Option<Atom>>,
}

impl Work<'_> {
    /// Groups pieces of one month; all areas' room has what is left.
    fn bottom_up(&mut self, areas: &Areas, members: Vec<usize>) -> Room {
        let mut rooms = self.by_day(areas, members);
        while let Some((node, mut room)) = rooms.pop_last() {
            self.close(node, &mut room);
            match areas.parent(node) {
                Some(parent) => rooms.entry(parent).or_default().around(room, parent),
                None => return room,
            }
        }
        Room::default()
    }

    /// Pieces of one area and day are told together where that is safe; each room has the rest.
    fn by_day(&mut self, areas: &Areas, members: Vec<usize>) -> BTreeMap<usize, Room> {
        let mut days: BTreeMap<(usize, Period), Vec<usize>> = BTreeMap::new();
        let mut rooms: BTreeMap<usize, Room> = BTreeMap::new();
        for index in members {
            let piece = &self.pieces[index];
            match piece.period.filter(|period| areas.is_area(piece.node) && *period != period.month()) {
                Some(day) => days.entry((piece.node, day)).or_default().push(index),
                None => rooms.entry(piece.node).or_default().open.push(index),
            }
            rooms.entry(piece.node).or_default().include(piece, piece.node);
        }
        for ((node, _), members) in days {
            let room = rooms.entry(node).or_default();
            let sum = self.sum(&members, node);
            if self.safe.tells(&sum) {
                let n = sum.n;
                room.offer(n, self.make(members, sum));
            } else {
                room.open.extend(members);
            }
        }
        rooms
    }

    /// Makes an atom of what is open in a set of areas, if that can be.
    fn close(&mut self, node: usize, room: &mut Room) {
        let Some(all) = room.all.as_ref().filter(|_| !room.open.is_empty()) else { return };
        let mut members = std::mem::take(&mut room.open);
        let mut sum = self.sum(&members, node);
        if !self.safe.tells(&sum) {
            if self.rest == Rest::Waits || !self.safe.tells(all) {
                room.open = members;
                return;
            }
            let given_up = room.spare.and_then(|(_, atom)| self.atoms[atom].take());
            members.extend(given_up.into_iter().flat_map(|atom| atom.members));
            sum = self.sum(&members, node);
        }
        let atom = self.make(members, sum);
        // What is told of the whole set is what is least to be missed in the sets around it.
        room.spare = Some((0, atom));
    }

    fn make(&mut self, members: Vec<usize>, sum: Piece) -> usize {
        self.atoms.push(Some(Atom { members, sum }));
        self.atoms.len() - 1
    }

    fn sum(&self, members: &[usize], node: usize) -> Piece {
        let mut room = Room::default();
        members.iter().for_each(|&index| room.include(&self.pieces[index], node));
        room.all.unwrap_or(Piece { node, period: None, n: 0, cells: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{campaign::Area, questionnaire::Text};

    /// Two towns of two areas each: 1 (2, 3), 4 (5, 6).
    fn areas() -> Areas {
        let area = |code: &&str| Area { code: code.parse().unwrap(), name: Text::default() };
        Areas::of(&["3301", "3302", "3401", "3402"].iter().map(area).collect::<Vec<_>>())
    }

    /// The members of each atom, where of so many respondents so many said no.
    fn atoms(pieces: &[(usize, u8, u64, u64)]) -> Vec<Vec<usize>> {
        told(pieces, Rest::TakesOne)
    }

    fn told(pieces: &[(usize, u8, u64, u64)], rest: Rest) -> Vec<Vec<usize>> {
        let piece = |&(node, day, n, no): &(usize, u8, u64, u64)| {
            // The days of November, and then those of December.
            let text = if day > 30 { format!("2026-12-{:02}", day - 30) } else { format!("2026-11-{day:02}") };
            Piece { node, period: text.parse().ok(), n, cells: vec![no, n - no] }
        };
        let pieces: Vec<Piece> = pieces.iter().map(piece).collect();
        let counts = [0, 1].map(|cell| Count { plus: vec![cell], minus: Vec::new() });
        let atoms = group(&areas(), &pieces, Safe { counts: &counts, k: 5 }, rest);
        let mut members: Vec<Vec<usize>> = atoms.into_iter().map(|atom| atom.members).collect();
        members.iter_mut().for_each(|members| members.sort_unstable());
        members.sort();
        members
    }

    #[test]
    fn what_is_safe_stands_alone() {
        assert_eq!(atoms(&[(2, 1, 20, 5), (2, 2, 20, 6), (5, 1, 30, 10)]), [[0], [1], [2]]);
        assert!(atoms(&[]).is_empty());
    }

    #[test]
    fn what_is_not_is_put_together_with_the_least_beside_it() {
        // Both days of an area; then an area of the same town, though one in the other has fewer respondents.
        assert_eq!(atoms(&[(2, 1, 20, 4), (2, 2, 20, 1), (3, 1, 90, 9)]), [vec![0, 1], vec![2]]);
        assert_eq!(atoms(&[(2, 1, 20, 4), (3, 1, 90, 9), (5, 1, 20, 9)]), [vec![0, 1], vec![2]]);
        // A town that is not safe takes one area of the other with it: that of fewer respondents.
        assert_eq!(atoms(&[(2, 1, 90, 9), (3, 1, 80, 9), (5, 1, 20, 4), (6, 1, 20, 0)]), [vec![0], vec![1, 2, 3]]);
    }

    #[test]
    fn months_stay_apart_where_they_can() {
        // Two days of each month in two areas of a town; then an area's month that is too little takes the other's.
        let town = [(2, 1, 20, 3), (3, 2, 20, 3), (2, 31, 20, 3), (3, 32, 20, 3)];
        assert_eq!(atoms(&town), [[0, 1], [2, 3]]);
        assert_eq!(atoms(&[(2, 1, 20, 9), (2, 31, 20, 4)]), [[0, 1]]);
    }

    #[test]
    fn all_together_may_be_too_little() {
        assert!(atoms(&[(2, 1, 20, 2), (3, 1, 90, 2)]).is_empty());
        assert!(atoms(&[(2, 1, 20, 20), (5, 1, 30, 30)]).is_empty(), "all said no");
    }

    #[test]
    fn what_waits_takes_nothing_with_it() {
        assert_eq!(told(&[(2, 1, 20, 4), (3, 1, 90, 9), (5, 1, 20, 9)], Rest::Waits), [[1], [2]]);
        // Together they are enough, in their town.
        assert_eq!(told(&[(2, 1, 20, 4), (3, 1, 90, 1), (5, 1, 20, 1)], Rest::Waits), [[0, 1]]);
    }
}
