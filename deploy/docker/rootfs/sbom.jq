# `name v1.2.3 (place)|MIT/Apache-2.0`, the slash being the old way to say OR.
def crate:
  capture("^(?<name>\\S+) v(?<version>\\S+)[^|]*\\|(?<licence>.*)$")
  | {type: "library", name, version, purl: "pkg:cargo/\(.name)@\(.version | @uri)"}
    + if .licence == "" then {}
      else {licenses: [{expression: (.licence | gsub(" ?/ ?"; " OR "))}]} end;

# Its licences are in /usr/share/doc of the image.
def debian:
  split("\t")
  | {type: "library", name: .[0], version: .[1],
     purl: "pkg:deb/debian/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])&distro=debian-12"};

{
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  version: 1,
  metadata: {component: {type: "application", name: $part}},
  components: [inputs | select(. != "") | if $kind == "crates" then crate else debian end] | unique
}
