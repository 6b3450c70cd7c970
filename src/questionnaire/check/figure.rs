//! Checks of what is computed: indicators, joint blocks, the quiz.

use super::{Checker, Definition, Item, Place, limit, say};
use crate::{
    item::{self, Count},
    questionnaire::{Indicator, Joint, Part, definition::Order},
};

impl Checker {
    pub(super) fn indicators(&mut self, definition: &mut Definition, items: &[Item], at: &Place) -> Vec<Indicator> {
        self.at_most(at, "indicators", definition.indicators.len(), limit::INDICATORS);
        let mut indicators = Vec::new();
        for (i, indicator) in std::mem::take(&mut definition.indicators).into_iter().enumerate() {
            let at = at.index(i);
            self.text(&at.field("title"), &indicator.title);
            if indicator.positive.is_empty() {
                self.add("no_positive", &at.field("positive"), say!("needs one option at least"));
            }
            let Some(item) = items.iter().position(|item| item.definition.id == indicator.item) else {
                self.add("unknown_item", &at.field("item"), say!("there is no item `{}`", indicator.item));
                continue;
            };
            let positive = self.options_named(&items[item].options, &indicator.positive, &at.field("positive"));
            indicators.push(Indicator { definition: indicator, item, positive });
        }
        indicators
    }

    pub(super) fn joints(
        &mut self,
        definition: &mut Definition,
        items: &[Item],
        indicators: &[Indicator],
        at: &Place,
    ) -> Vec<Joint> {
        self.at_most(at, "joint blocks", definition.joints.len(), limit::JOINTS);
        let banded = definition.quiz.as_ref().is_some_and(|quiz| !quiz.score_bands.is_empty());
        let mut joints = Vec::new();
        for (j, joint) in std::mem::take(&mut definition.joints).into_iter().enumerate() {
            let at = at.index(j);
            let at = at.field("of");
            let repeats = joint.of.iter().enumerate().any(|(p, id)| joint.of[..p].contains(id));
            if !(2..=limit::JOINT_PARTS).contains(&joint.of.len()) || repeats {
                self.add("bad_joint", &at, say!("crosses two to {} different things", limit::JOINT_PARTS));
            }
            let mut parts = Vec::new();
            for (p, id) in joint.of.iter().enumerate() {
                parts.extend(self.part(banded, items, indicators, id, &at.index(p)));
            }
            joints.push(Joint { id: joint.id, parts });
        }
        joints
    }

    fn part(&mut self, banded: bool, items: &[Item], indicators: &[Indicator], id: &str, at: &Place) -> Option<Part> {
        if let Some(index) = items.iter().position(|item| item.definition.id == id) {
            let count = item::kind(items[index].definition.kind).count();
            if count == Count::OneHot || (count == Count::MultiHot && items[index].scored()) {
                return Some(Part::Item(index));
            }
            self.add(
                "bad_joint",
                at,
                say!("`{id}` has no single category to cross; cross an indicator over it instead"),
            );
            return None;
        }
        if let Some(index) = indicators.iter().position(|it| it.definition.id == id) {
            return Some(Part::Indicator(index));
        }
        if id == "score" && banded {
            return Some(Part::Score);
        }
        if id == "mode" {
            return Some(Part::Mode);
        }
        if id == "order" && items.iter().any(|item| item.definition.order == Order::Reversible) {
            return Some(Part::Order);
        }
        self.add(
            "unknown_item",
            at,
            say!("there is no item and no indicator `{id}` (and `score` needs a quiz with `score_bands`, `order` a reversible item)"),
        );
        None
    }

    pub(super) fn quiz(&mut self, definition: &Definition, items: &[Item], at: &Place) {
        let Some(quiz) = &definition.quiz else { return };
        let bank = items.iter().filter(|item| item.scored()).count();
        if let Some(draw) = quiz.draw {
            if draw as usize > bank {
                self.add("draw_too_large", &at.field("draw"), say!("draws {draw} of a bank of {bank}"));
            }
            if draw == 0 {
                self.add("draw_too_small", &at.field("draw"), say!("draws nothing"));
            }
        }
        if quiz.pass_percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            self.add("bad_pass", &at.field("pass_percent"), say!("runs from 1 to 100"));
        }
        let mut scored = items.iter().filter(|item| item.scored());
        let drawn_of = scored.clone().next().filter(|_| quiz.draw.is_some_and(|draw| (draw as usize) < bank));
        let uneven =
            |item: &Item| item.ask_if.is_some() || drawn_of.is_some_and(|first| item.points() != first.points());
        // Else who passes by the points that they were asked for need not pass by the highest score.
        if quiz.pass_percent.is_some() && scored.any(uneven) {
            self.add("uneven_pass", &at.field("pass_percent"), say!("a pass mark needs as many points to be had by everybody: no scored item under a condition, and in a draw the same points for each"));
        }
        let bands = &quiz.score_bands;
        if bands.first().is_some_and(|first| *first != 0)
            || !bands.is_sorted_by(|a, b| a < b)
            || bands.len() > limit::SCORE_BANDS
        {
            self.add("bad_bands", &at.field("score_bands"), say!("ascend from 0, 21 at most"));
        }
        let (at, mut names) = (at.field("topics"), Vec::new());
        for (t, topic) in quiz.topics.iter().enumerate() {
            let at = at.index(t);
            self.name(&at.field("id"), &topic.id, &mut names);
            self.text(&at.field("title"), &topic.title);
        }
    }
}
