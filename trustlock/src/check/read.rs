//! Reading lockfiles, and the files that they include.

use std::collections::BTreeSet;

use super::includes::Graph;
use crate::lockfile::{self, requirements};
use crate::model::{Leads, Lockfile, Problem};
use crate::parallel;
use crate::tree::{Kind, Tree, TreePath};

/// Reads lockfiles and whatever they include; what cannot be read becomes a problem, and the others are
/// still judged.
pub fn read(tree: &dyn Tree, paths: &[TreePath]) -> (Vec<Lockfile>, Vec<Problem>) {
    let mut lockfiles = Vec::with_capacity(paths.len());
    let mut problems = Vec::new();
    for read in parallel::map(paths, |path| lockfile::open(tree, path)) {
        match read {
            // A file of any name may turn out to be no lockfile.
            Ok(lockfile) => lockfiles.extend(lockfile),
            Err(problem) => problems.push(problem),
        }
    }
    if lockfiles.iter().any(|lockfile| !lockfile.includes.is_empty()) {
        follow(tree, &mut lockfiles, &mut problems);
        let graph = Graph::new(&lockfiles);
        graph.find_cycles(&mut lockfiles);
        graph.settle(&mut lockfiles);
        graph.back(&mut lockfiles);
    }
    (lockfiles, problems)
}

/// Reads what is included, file by file, each once.
fn follow(tree: &dyn Tree, lockfiles: &mut Vec<Lockfile>, problems: &mut Vec<Problem>) {
    let mut known: BTreeSet<String> = lockfiles.iter().map(|l| l.file.path.clone()).collect();
    let mut next = 0;
    while let Some(lockfile) = lockfiles.get_mut(next) {
        next += 1;
        let folder =
            TreePath::new(&lockfile.file.path).ok().and_then(|path| path.parent()).unwrap_or_default();
        let mut open = Vec::new();
        for include in &mut lockfile.includes {
            include.leads = locate(tree, &folder, &include.target);
            if let Leads::To(path) = &include.leads
                && known.insert(path.clone())
            {
                open.extend(TreePath::new(path));
            }
        }
        for path in open {
            match requirements::open(tree, &path) {
                Ok(lockfile) => lockfiles.push(lockfile),
                Err(problem) => problems.push(problem),
            }
        }
    }
}

/// Where an include leads.
fn locate(tree: &dyn Tree, folder: &TreePath, target: &str) -> Leads {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    match scheme.as_deref() {
        Some("http" | "https") => return Leads::Remote,
        Some("file") => return Leads::Outside,
        _ => {}
    }
    let Ok(path) = folder.join(target) else { return Leads::Outside };
    match tree.kind(&path) {
        Some(Kind::Directory | Kind::Other) | None => Leads::Nowhere,
        Some(Kind::File | Kind::Symlink) => Leads::To(path.as_str().to_owned()),
    }
}
