//! Which indexes pip asks, after every line of the file.

use super::options::{EXTRA_INDEX, FIND_LINKS, INDEX, NO_INDEX};
use super::requirement;
use super::url;
use crate::lockfile::python::{Collector, source};
use crate::model::{Index, IndexRole, LocalForm, Source, Span};
use crate::tree::TreePath;

/// What the lines so far have set.
#[derive(Default)]
pub(super) struct Indexes {
    primary: Option<Address>,
    extra: Vec<Address>,
    links: Vec<Address>,
    no_index: bool,
    /// Lines that a later one made void.
    pub(super) dropped: Vec<(Span, &'static str)>,
}

struct Address {
    place: Span,
    value: String,
}

impl Indexes {
    /// An option of a line of its own.
    pub(super) fn see(&mut self, name: &'static str, place: Span, value: String) {
        let address = Address { place, value };
        match name {
            NO_INDEX => {
                self.no_index = true;
                self.drop_all();
            }
            INDEX | EXTRA_INDEX if self.no_index => self.dropped.push((place, name)),
            INDEX => {
                self.drop_all();
                self.primary = Some(address);
            }
            EXTRA_INDEX => self.extra.push(address),
            FIND_LINKS => self.links.push(address),
            _ => {}
        }
    }

    fn drop_all(&mut self) {
        self.dropped.extend(self.primary.take().map(|address| (address.place, INDEX)));
        self.dropped.extend(self.extra.drain(..).map(|address| (address.place, EXTRA_INDEX)));
    }

    /// The one place that serves every package, where the file names just one.
    pub(super) fn only(&self, folder: &TreePath) -> Option<Source> {
        match (&self.primary, self.extra.as_slice(), self.links.as_slice(), self.no_index) {
            (Some(only), [], [], false) | (None, [], [only], true) => Some(of(folder, &only.value)),
            _ => None,
        }
    }

    /// Puts them into the lockfile.
    pub(super) fn record(self, collector: &mut Collector) {
        let primary = self.primary.map(|address| (address, IndexRole::Primary));
        let extra = self.extra.into_iter().map(|address| (address, IndexRole::Extra));
        let links = self.links.into_iter().map(|address| (address, IndexRole::Links));
        for (Address { place, value }, role) in primary.into_iter().chain(extra).chain(links) {
            let source = collector.source(place, &format!("index {value}"), |folder| of(folder, &value));
            collector.builder.indexes.push(Index { source, name: None, role });
        }
    }
}

/// An index, a page of links or a folder of files.
fn of(folder: &TreePath, value: &str) -> Source {
    match requirement::scheme(value) {
        Some(scheme) if scheme.eq_ignore_ascii_case("file") => {
            source::local(folder, LocalForm::Links, url::file_path(value))
        }
        Some(_) => source::index(&url::without_variables(value)),
        None => source::local(folder, LocalForm::Links, value),
    }
}
