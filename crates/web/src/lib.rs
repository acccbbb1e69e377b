//! Application 1: the JSON API and the public site.
