/// Who made a call and what was called: all that calls of one kind have in common.
///
/// An empty string means "not stated". Every text is at most ``Limits/attributionBytes`` bytes.
package struct Subject: Hashable, Sendable {
  package var team = ""
  package var project = ""
  package var user = ""
  /// The caller's name for the API key used; never the key itself.
  package var key = ""
  package var environment = ""
  /// Canonical JSON of the tags, keys sorted: `{"feature":"search"}`; empty for none.
  package var tags = ""
  /// `direct`, `huggingface`, `openrouter`, …: the way the call took.
  package var route = ""
  /// Who ran it.
  package var provider = ""
  /// Who bills it.
  package var issuer = ""
  /// The model that is priced: the served one where the client states it.
  package var model = ""
  package var operation = ""
  /// The service tier that was served; `batch` for batch work.
  package var tier = ""
  package var region = ""
  /// What else prices media, as sorted `name=value` pairs joined by `;`: `resolution=720p`.
  package var variant = ""

  package init() {}
}
