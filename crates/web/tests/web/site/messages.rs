use anb_testkit::Locales;

fn locales() -> Locales {
    Locales::of(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn both_languages_say_the_same_messages_about_the_same_things() {
    let messages = locales().agree();
    assert!(messages > 100, "{messages}");
}

#[test]
fn every_message_that_is_asked_for_exists() {
    assert_eq!(locales().unknown(), Vec::<String>::new());
}

#[test]
fn every_message_is_said_somewhere() {
    assert_eq!(locales().unused(), Vec::<String>::new());
}
