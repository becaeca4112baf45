//! How a page looks: its style, and the marks of success and trouble. Nothing is loaded from elsewhere.

use maud::{Markup, html};

/// What the mark of a page says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mark {
    /// What the partner wanted has happened.
    Done,
    /// Something has yet to happen.
    Waiting,
    /// It has not happened.
    Problem,
}

impl Mark {
    /// Returns the class of the mark's colour.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Waiting => "waiting",
            Self::Problem => "problem",
        }
    }

    /// Returns the picture beside the word. The word alone says the same.
    pub(super) fn picture(self) -> Markup {
        let lines = match self {
            Self::Done => "M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20M7 12.5l3.5 3.5L17 9",
            Self::Waiting => "M12 2a10 10 0 1 0 0 20 10 10 0 1 0 0-20M12 6.5V12l3.5 2.5",
            Self::Problem => "M12 3 2 21h20zM12 9.5v5.5M12 17.5v.5",
        };
        html! {
            svg class=(self.class()) viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" { path d=(lines); }
        }
    }
}

/// The colours have a contrast of at least 4.5 to 1 with the background, in light and dark (WCAG 2.2 section 1.4.3). Texts break
/// inside a word where a word is longer than the screen (section 1.4.10). Korean lines break between words, and where a browser can,
/// Japanese ones between phrases. Arabic and Hindi have signs above and below their letters, which would touch those of the next line.
pub(super) const STYLE: &str = "
:root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif; --quiet: #57606a; --line: #d0d7de;
 --link: #0a58ca; --done: #1a7f37; --waiting: #855800; --problem: #b3261e; --on: #fff }
@media (prefers-color-scheme: dark) { :root { --quiet: #a8b1bb; --line: #454c54; --link: #85b6ff; --done: #5fd07f;
 --waiting: #e5b94d; --problem: #ff9b92; --on: #06214d } }
body { background: Canvas; color: CanvasText; display: grid; margin: 0; min-height: 100vh; place-items: center }
main { box-sizing: border-box; max-width: 36rem; min-width: 0; overflow-wrap: anywhere; padding: 2rem 1.5rem; width: 100% }
header { align-items: center; border-bottom: 1px solid var(--line); display: flex; gap: 1rem; margin-bottom: 1.75rem;
 padding-bottom: 1rem }
header div { min-width: 0 }
header b, header span { display: block }
img { height: auto; max-height: 3rem; max-width: 8rem; width: auto }
header span, footer, dt { color: var(--quiet); font-size: .9rem }
.mark { align-items: center; display: flex; font-weight: 600; gap: .5rem; margin: 0 0 .5rem }
svg { fill: none; flex: none; stroke: currentColor; stroke-linecap: round; stroke-linejoin: round; stroke-width: 2 }
.done { color: var(--done) }
.waiting { color: var(--waiting) }
.problem { color: var(--problem) }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; text-wrap: balance }
h1:lang(ar), h1:lang(hi) { line-height: 1.45 }
p { text-wrap: pretty }
:lang(ja) { line-break: strict; word-break: auto-phrase }
:lang(ko) { word-break: keep-all }
time { white-space: nowrap }
p, dl, ul { margin: 0 0 1rem }
dd { margin: 0 0 .6rem }
ul { list-style: none; padding: 0 }
li { margin: 0 0 .5rem }
a { color: var(--link) }
label { display: block; font-weight: 600; margin: 0 0 .25rem }
select { background: Canvas; border: 1px solid var(--quiet); border-radius: .4rem; color: CanvasText; font: inherit; padding: .6rem .5rem;
 text-overflow: ellipsis; width: 100% }
button, .main a { background: var(--link); border: 1px solid var(--link); border-radius: .4rem; color: var(--on);
 cursor: pointer; display: inline-block; font: inherit; font-weight: 600; padding: .6rem 1.2rem; text-decoration: none }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .75rem }
footer p { margin: 0 0 .25rem }
.languages { display: flex; flex-wrap: wrap; gap: .5rem .9rem; margin-top: .75rem }
.languages a { color: inherit }
dt b { color: CanvasText; font-size: 1.05rem }
dd p { margin: 0 0 .25rem }
";
