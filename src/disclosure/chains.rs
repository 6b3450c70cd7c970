//! The chains of a questionnaire: which counts of which figure become known in which order.
//!
//! A question that one answer to one other question leads to begins with that question's levels, since how many
//! were asked it is a count of that question too. Questions asked on the same condition begin alike.

use super::{
    categories::{asked, cells, options, silent, special},
    chain::{Chain, Count},
};
use crate::{
    item::{self, Count as Hot},
    layout::{Block, Counts, SpecialCategory},
    questionnaire::{Item, OptionSet, Questionnaire, Rule},
    quiz,
};

/// What a chain tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// An item (by index) with one answer, and every indicator over it.
    Item(usize),
    /// An option of a `multiple` item that no indicator is over: item and option by index.
    Chosen(usize, usize),
    /// The indicators over a `multiple` item (by index), then the options that they are over.
    Several(usize),
    /// The score.
    Score,
    /// Options shown forward or reversed.
    Order,
    /// Self-completed or read aloud.
    Mode,
}

/// Every figure of a questionnaire with its chain, in order.
#[derive(Clone, Debug, Default)]
pub struct Chains(Vec<(Figure, Chain)>);

impl Chains {
    /// Makes them. `sizes` has the campaign's count of each cell of the layout at its first step: of a figure's rare
    /// categories, the rarest are told apart last.
    pub fn of(questionnaire: &Questionnaire, sizes: &[u64]) -> Self {
        Self(chains(questionnaire, sizes))
    }

    /// All of them.
    pub fn all(&self) -> &[(Figure, Chain)] {
        &self.0
    }

    /// A figure's place among them.
    pub fn place(&self, figure: Figure) -> Option<usize> {
        self.0.iter().position(|(it, _)| *it == figure)
    }

    /// A figure's chain.
    pub fn chain(&self, figure: Figure) -> Option<&Chain> {
        self.0.iter().find(|(it, _)| *it == figure).map(|(_, chain)| chain)
    }
}

fn chains(questionnaire: &Questionnaire, sizes: &[u64]) -> Vec<(Figure, Chain)> {
    let mut maker = Maker { questionnaire, sizes, made: Vec::new() };
    // Conditions look back: what an item's chain begins with is there.
    (0..questionnaire.items.len()).for_each(|index| maker.item(index));
    maker.score();
    for (figure, counts) in [(Figure::Order, Counts::Order), (Figure::Mode, Counts::Mode)] {
        if let Some(block) = questionnaire.layout.block(counts) {
            maker.block(figure, block, &[]);
        }
    }
    maker.made
}

struct Maker<'m> {
    questionnaire: &'m Questionnaire,
    sizes: &'m [u64],
    made: Vec<(Figure, Chain)>,
}

impl Maker<'_> {
    fn item(&mut self, index: usize) {
        let it = self.questionnaire;
        let over: Vec<usize> = (0..it.indicators.len()).filter(|&i| it.indicators[i].item == index).collect();
        match item::kind(it.items[index].definition.kind).count() {
            Hot::Nothing => {}
            Hot::OneHot => {
                let mut chain = self.reach(index);
                let positive = over.iter().map(|&i| options(it, index, it.indicators[i].positive));
                let led = self.leads(index);
                let sets: Vec<Vec<usize>> = positive.chain([silent(it, index)]).chain(led).collect();
                chain.refine(&asked(it, index), &sets, !over.is_empty(), self.sizes);
                self.made.push((Figure::Item(index), chain));
            }
            Hot::MultiHot => self.multiple(index, over),
        }
    }

    /// Whoever chose an option chose one of an indicator's set, and whoever counts for an indicator chose one of its
    /// options: what is told of one bounds the other. So they have one chain, each indicator a level, in which what one
    /// has more than another is a count too. Their options come last and together: were one told of larger atoms than the others,
    /// it would be what the others leave of the indicator. So the rarest would hold up all, and are not told.
    fn multiple(&mut self, index: usize, mut over: Vec<usize>) {
        let it = self.questionnaire;
        let options = it.layout.block(Counts::Options(index)).map(cells).unwrap_or_default();
        let in_any = over.iter().fold(0, |set, &i| set | it.indicators[i].positive);
        for (option, &cell) in options.iter().enumerate().filter(|(option, _)| in_any & (1 << option) == 0) {
            let mut chain = self.reach(index);
            self.hit(&mut chain, index, cell, &[]);
            self.made.push((Figure::Chosen(index, option), chain));
        }
        over.sort_by_key(|&i| it.indicators[i].positive.count_ones());
        let over = over
            .into_iter()
            .filter_map(|i| Some((it.indicators[i].positive, it.layout.block(Counts::Indicator(i))?.start + 1)));
        let (mut chain, mut before): (Chain, Vec<(OptionSet, usize)>) = (self.reach(index), Vec::new());
        for (set, cell) in over {
            let less = before.iter().filter(|(other, _)| other & set == *other && *other != set);
            let less: Vec<usize> = less.map(|(_, cell)| *cell).collect();
            self.hit(&mut chain, index, cell, &less);
            before.push((set, cell));
        }
        let last = chain.levels.len();
        for (option, &cell) in options.iter().enumerate().filter(|(option, _)| in_any & (1 << option) != 0) {
            let more: Vec<usize> = before
                .iter()
                .filter(|(set, _)| set & (1 << option) != 0 && *set != 1 << option)
                .map(|it| it.1)
                .collect();
            if self.frequent(index, cell, &more) {
                self.option(&mut chain, index, cell, &more);
            }
        }
        // One level for all of them.
        let together: Vec<Count> = chain.levels.pop().into_iter().flatten().collect();
        chain.levels.truncate(last);
        chain.levels.push(together);
        if !before.is_empty() {
            self.made.push((Figure::Several(index), chain));
        }
    }

    /// Whether one in twenty of those who were asked chose an option, and one in twenty the others of each indicator.
    fn frequent(&self, index: usize, cell: usize, more: &[usize]) -> bool {
        let asked: u64 = asked(self.questionnaire, index).into_iter().map(|cell| self.sizes[cell]).sum();
        let often = |count: u64| count * 20 >= asked;
        often(self.sizes[cell]) && more.iter().all(|&of| often(self.sizes[of].saturating_sub(self.sizes[cell])))
    }

    /// One more level: of those who were asked, those in a cell and those who are not; and what it has more than others.
    fn hit(&self, chain: &mut Chain, index: usize, cell: usize, less: &[usize]) {
        let asked = asked(self.questionnaire, index).into_iter().map(|cell| chain.cell(cell)).collect();
        let hit = chain.cell(cell);
        let mut counts = chain.levels.last().cloned().unwrap_or_default();
        counts.push(Count { plus: vec![hit], minus: Vec::new() });
        counts.push(Count { plus: asked, minus: vec![hit] });
        counts.extend(less.iter().map(|&other| Count { plus: vec![hit], minus: vec![chain.cell(other)] }));
        chain.levels.push(counts);
    }

    /// The same of an option, and what it lacks of others.
    fn option(&self, chain: &mut Chain, index: usize, cell: usize, more: &[usize]) {
        self.hit(chain, index, cell, &[]);
        let (hit, more): (usize, Vec<usize>) =
            (chain.cell(cell), more.iter().map(|&other| chain.cell(other)).collect());
        if let Some(counts) = chain.levels.last_mut() {
            counts.extend(more.into_iter().map(|other| Count { plus: vec![other], minus: vec![hit] }));
        }
    }

    /// The levels up to the one from which on it is known how many were asked an item.
    fn reach(&self, index: usize) -> Chain {
        let item = &self.questionnaire.items[index];
        if !item.may_be_passed_by {
            return Chain::new();
        }
        if let Some((from, set)) = led_by(self.questionnaire, item) {
            let chain = self.made.iter().find(|(figure, _)| *figure == Figure::Item(from)).map(|(_, chain)| chain);
            if let Some(chain) = chain
                && let Some(level) = chain.first(&set)
            {
                return chain.up_to(level);
            }
        }
        let mut chain = Chain::new();
        let asked = asked(self.questionnaire, index).into_iter().map(|cell| chain.cell(cell)).collect();
        chain.levels.push(vec![Count { plus: asked, minus: Vec::new() }]);
        chain.reach = 1;
        chain
    }

    /// The sets of this item's answers that lead to other items.
    fn leads(&self, index: usize) -> Vec<Vec<usize>> {
        let led = |item: &Item| led_by(self.questionnaire, item).filter(|(from, _)| *from == index);
        self.questionnaire.items.iter().filter_map(led).map(|(_, set)| set).collect()
    }

    fn score(&mut self) {
        let it = self.questionnaire;
        let (Some(max), Some(block)) = (it.max_score(), it.layout.block(Counts::Score)) else { return };
        let passing = |cell: &usize| quiz::passes(it, (cell - block.start) as u32, max) == Some(true);
        let pass: Vec<usize> = cells(block).into_iter().filter(passing).collect();
        self.block(Figure::Score, block, &[pass]);
        // All scores add up to the points of all right answers: were each told, so would be how many gave the right answer to
        // a question of which that is not told. Some scores stay together that lie as far apart as a question has points, so
        // that k respondents or more are free to have one or the other.
        let points = it.items.iter().map(Item::points).max().unwrap_or(1) as usize;
        let Some((_, chain)) = self.made.last_mut() else { return };
        let far_apart = |count: &Count| {
            let score = |index: &usize| chain.cells[*index];
            let ends = count.plus.iter().map(score).max().zip(count.plus.iter().map(score).min());
            ends.is_some_and(|(most, least)| most - least >= points)
        };
        let kept = chain.levels.iter().rposition(|level| level.iter().any(far_apart)).unwrap_or(0);
        chain.levels.truncate(kept + 1);
    }

    fn block(&mut self, figure: Figure, block: &Block, sets: &[Vec<usize>]) {
        let mut chain = Chain::new();
        // Who passes comes first, unless so few do, or do not, that it would hold up all scores.
        let size = |cells: &[usize]| cells.iter().map(|&cell| self.sizes[cell]).sum::<u64>();
        let all = size(&cells(block));
        let often = |count: u64| count * 20 >= all;
        let lead = sets.iter().any(|set| often(size(set)) && often(all - size(set)));
        chain.refine(&cells(block), sets, lead, self.sizes);
        self.made.push((figure, chain));
    }
}

/// The item with one answer, and the cells of its answers, that alone decide whether another is asked.
fn led_by(questionnaire: &Questionnaire, item: &Item) -> Option<(usize, Vec<usize>)> {
    let rule = match item.ask_if.as_ref().filter(|_| !item.scored())? {
        // What the other item is asked on itself adds nothing.
        Rule::And(both) => match both.as_slice() {
            [first, rule @ Rule::AnyOf { item: from, .. }]
                if questionnaire.items[*from].ask_if.as_ref() == Some(first) =>
            {
                rule
            }
            _ => return None,
        },
        rule => rule,
    };
    let Rule::AnyOf { item: from, options: set, dont_know, refused, no_answer } = rule else { return None };
    if item::kind(questionnaire.items[*from].definition.kind).count() != Hot::OneHot {
        return None;
    }
    let kinds = [
        (*dont_know, SpecialCategory::DontKnow),
        (*refused, SpecialCategory::Refused),
        (*no_answer, SpecialCategory::NoAnswer),
    ];
    let silent = kinds.into_iter().filter_map(|(counts, kind)| special(questionnaire, *from, kind).filter(|_| counts));
    Some((*from, options(questionnaire, *from, *set).into_iter().chain(silent).collect()))
}
