import Calls
import Testing

/// Files that say how the lines of some other program are read.
@Suite struct MappingTests {
  static let file = """
    {"mappings":[
      {"name":"acme","when":{"kind":"llm_call"},
       "fields":{"id":"trace.id","at":"started","model":"llm.model","usage":"llm.usage","tags.app":"labels.app.name",
                 "headers.x-request-id":"ids.1"},
       "constants":{"provider":"openai","team":"search"}},
      {"name":"counted","when":{"tokens.in":true,"vendor":true},
       "fields":{"provider":"vendor","units.input":"tokens.in","units.cache_read":"tokens.cached",
                 "usage.completion_tokens_details.reasoning_tokens":"tokens.thought","usage.completion_tokens":"tokens.out"}}
    ]}
    """

  static func read(_ line: String) throws -> String {
    let reader = Reading.Reader()
    reader.decoder.mappings = try LineMappings(file, file: "m.json")
    return reader.read(Array(line.utf8), defaults: [:])
  }

  @Test(arguments: [
    (
      #"{"kind":"llm_call","trace":{"id":"t"},"started":"2026-11-20T23:23:20Z","labels":{"app.name":"web"},"ids":["a","b"],"llm":{"model":"m","usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}}"#,
      "ok 2026-11-20T23:23:20Z openai/m team=search tags={\"app\":\"web\"} input=5 cache_read=4 output=2"
    ),
    // The sender's own field goes before the mapping's constant.
    (
      #"{"kind":"llm_call","team":"shop","llm":{"model":"m","usage":{"prompt_tokens":9}}}"#,
      "ok openai/m team=shop input=9"
    ),
    (
      #"{"vendor":"groq","tokens":{"in":5,"cached":3,"out":9,"thought":2}}"#,
      "ok groq input=5 cache_read=3 output=7 reasoning=2"
    ),
    // A line that no mapping is for goes its own way.
    (#"{"kind":"other","model":"m","usage":{"prompt_tokens":9}}"#, "ok m input=9"),
    (#"{"kind":"other","trace":{"id":"t"}}"#, "refused no_usage"),
    (#"{"kind":"llm_call","llm":{"model":"m"}}"#, "refused no_usage"),
    (#"{"kind":"llm_call","llm":{"model":"m","usage":{"prompt_tokens":-9}}}"#, "refused negative_count"),
  ])
  func `a mapped line is read by its mapping`(line: String, reading: String) throws {
    #expect(try Self.read(line) == reading)
  }

  @Test func `every mistake of a file is told, with its cure`() {
    let text = """
      {"mappings":[
        {"when":{"model":"m"},"fields":{"modle":"a","units.inputs":"b","id":"a..b","at":7}},
        {"name":"x","feilds":{},"constants":{"usage":"y"}},
        {"name":"x","when":{"kind":5},"fields":{"usage":"u"}}
      ]}
      """
    let faults = #expect(throws: LineMappingFaults.self) { try LineMappings(text, file: "m.json") }
    #expect(
      faults?.description == """
        m.json: mapping 1: it has no name. Give it one: reports of faults use it.
        m.json: mapping 1: when names only keys that other lines have too. Add one that only such lines have.
        m.json: mapping 1: modle is no field of a line. Did you mean 'model'?
        m.json: mapping 1: units.inputs is no field of a line. docs/line.md names them.
        m.json: mapping 1: 'a..b' is no path. Write keys with dots between them, as a.b.0.
        m.json: mapping 1: fields.at is no text. Write the path of a value, its keys with dots between them.
        m.json: mapping 1: no field tells of usage. Map usage, body, a unit, status or cost.
        m.json: x: feilds is no member of a mapping. Those are name, when, fields and constants.
        m.json: x: when names nothing. Write a key that only such lines have: "when":{"kind":"llm_call"}.
        m.json: x: usage is no field that can be the same in all lines. Map it in fields, or leave it out.
        m.json: x: no field tells of usage. Map usage, body, a unit, status or cost.
        m.json: x: x is there twice. Give each mapping a name of its own.
        m.json: x: when.kind is no text. Write the path of a value, its keys with dots between them.
        m.json: x: when names nothing. Write a key that only such lines have: "when":{"kind":"llm_call"}.
        """)
    #expect(throws: LineMappingFaults.self) { try LineMappings("{", file: "m.json") }
    #expect(throws: LineMappingFaults.self) { try LineMappings("{}", file: "m.json") }
  }
}
