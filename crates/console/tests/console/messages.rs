use anb_domain::Action;
use anb_testkit::Locales;

fn locales() -> Locales {
    Locales::of(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn both_languages_say_the_same_messages_about_the_same_things() {
    let messages = locales().agree();
    assert!(messages > 50, "{messages}");
}

#[test]
fn every_message_that_is_asked_for_exists() {
    assert_eq!(locales().unknown(), Vec::<String>::new());
}

#[test]
fn every_message_is_said_somewhere() {
    // By name: the audit log knows no other deeds than these.
    let deeds: Vec<_> = Action::ALL.iter().map(|action| format!("audit-{action}")).collect();
    let unused = locales().unused().into_iter().filter(|id| !deeds.contains(id));
    assert_eq!(unused.collect::<Vec<_>>(), Vec::<String>::new());
}
