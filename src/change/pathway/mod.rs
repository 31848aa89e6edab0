//! The school's wellbeing pathway: the cycle of promoting, assessing, providing, reviewing, celebrating and next steps, in the school's
//! own words.
//!
//! A pathway is words on a page. It changes no score, and recommends nothing: questions to ask at each stage, the school's own next
//! steps and referral routes. A tier of support is shown only where the school has written a table of its own for that scale, because
//! one form must not decide a tier. [`read_pathway`] reads it, [`Pathway::check`] holds its tiers against the forms in use.

mod read;
mod tiers;

use std::ops::Range;
use std::sync::Arc;

pub use read::read_pathway;
pub use tiers::{Covers, Tier};

use crate::findings::{Place, Source};
use crate::provenance::UsedInput;

/// A commented pathway to begin with: questions for each stage, no route, no tier.
pub fn starter() -> &'static str {
    include_str!("starter.toml")
}

/// A stage of the cycle; the order is fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageId {
    /// What supports every pupil.
    Promote,
    /// How the need was noticed, and the whole picture.
    Assess,
    /// Goals and support.
    Provide,
    /// What became of it.
    Review,
    /// What has been achieved.
    Celebrate,
    /// What comes next.
    Next,
}

impl StageId {
    /// Every stage, in the order of the cycle.
    pub const ALL: [Self; 6] = [Self::Promote, Self::Assess, Self::Provide, Self::Review, Self::Celebrate, Self::Next];

    /// The word in the file: `promote`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Promote => "promote",
            Self::Assess => "assess",
            Self::Provide => "provide",
            Self::Review => "review",
            Self::Celebrate => "celebrate",
            Self::Next => "next",
        }
    }

    /// What it is called where the school gives it no title.
    pub fn usual_title(self) -> &'static str {
        match self {
            Self::Promote => "Promote",
            Self::Assess => "Assess",
            Self::Provide => "Provide",
            Self::Review => "Review",
            Self::Celebrate => "Celebrate",
            Self::Next => "Next steps",
        }
    }
}

/// A stage in the school's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    id: StageId,
    title: String,
    prompts: Vec<String>,
}

impl Stage {
    /// Which stage it is.
    pub fn id(&self) -> StageId {
        self.id
    }

    /// Its title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The questions to ask, in the file's order.
    pub fn prompts(&self) -> &[String] {
        &self.prompts
    }
}

/// A way to help outside the classroom, in the school's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    name: String,
    when: String,
    how: String,
}

impl Route {
    /// Whom the school would ask.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What for.
    pub fn when(&self) -> &str {
        &self.when
    }

    /// Who asks, and how.
    pub fn how(&self) -> &str {
        &self.how
    }
}

/// A pathway file that was read without a mistake.
#[derive(Clone, Debug)]
pub struct Pathway {
    title: Option<String>,
    stages: Vec<Stage>,
    next_steps: Vec<String>,
    routes: Vec<Route>,
    tiers: Vec<Tier>,
    source: Arc<Source>,
    sha256: String,
}

impl Pathway {
    /// What the school calls it.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The stages that the file has, in the order of the cycle.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// One stage, if the file has it.
    pub fn stage(&self, id: StageId) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// The questions of one stage; none where the file leaves the stage out.
    pub fn prompts(&self, id: StageId) -> &[String] {
        self.stage(id).map_or(&[], Stage::prompts)
    }

    /// The school's own next steps.
    pub fn next_steps(&self) -> &[String] {
        &self.next_steps
    }

    /// The school's referral routes.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The school's tiers, in the file's order; none unless the school wrote a table of its own.
    pub fn tiers(&self) -> &[Tier] {
        &self.tiers
    }

    /// The file's name and hash.
    pub fn used(&self) -> UsedInput {
        UsedInput { name: self.source.name.to_string(), sha256: self.sha256.clone() }
    }

    fn place(&self, span: &Range<usize>) -> Place {
        Place::Definition { source: Arc::clone(&self.source), span: span.clone() }
    }
}
