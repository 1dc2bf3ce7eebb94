import Calls
import Testing

/// Hellos: what is taken, and what each wrong one's sender is told.
@Suite struct HelloTests {
  @Test(arguments: [
    (#"{"hello":{"v":1,"client":"a","epoch":9223372036854775807}}"#, "hello a 9223372036854775807"),
    (#"{"hello":{"v":1,"client":"a","epoch":null,"defaults":{"team":null}}}"#, "hello a 0"),
    (#"{"hello":{"v":1,"client":"a","more":[1],"defaults":{"t\u0065am":"search"}}}"#, "hello a 0"),
    (#"{"hello":{"v":2,"client":"a"}}"#, "hello.v is not 1"),
    (#"{"hello":{"v":[1],"client":"a"}}"#, "hello.v is not 1"),
    (#"{"hello":{"v":1,"client":{}}}"#, "hello.client is no text"),
    (#"{"hello":{"v":1,"client":"a","epoch":[3]}}"#, "hello.epoch is no whole number from 0 to 9223372036854775807"),
    (#"{"hello":{"v":1,"client":"a","epoch":{"n":3}}}"#, "hello.epoch is no"),
    (#"{"hello":{"v":1,"client":"a","epoch":-3}}"#, "hello.epoch is no"),
    (#"{"hello":{"v":1,"client":"a","epoch":1.5}}"#, "hello.epoch is no"),
    (#"{"hello":{"v":1,"client":"a","epoch":1e3}}"#, "hello.epoch is no"),
    (#"{"hello":{"v":1,"client":"a","epoch":"3"}}"#, "hello.epoch is no"),
    (#"{"hello":{"v":1,"client":"a","epoch":9223372036854775808}}"#, "hello.epoch is no"),
    (#"{"hello":{"v":1,"client":"a","ack":[]}}"#, "hello.ack is neither"),
    (#"{"hello":{"v":1,"client":"a","framing":"lines"}}"#, "hello.framing is not"),
    (#"{"hello":{"v":1,"client":"a","framing":"numbered","ack":false}}"#, "hello.framing is not"),
    (
      #"{"hello":{"v":1,"client":"a","defaults":{"taem":"search"}}}"#,
      "hello.defaults.taem is no field that a hello can set. Did you mean 'team'?"
    ),
    (
      #"{"hello":{"v":1,"client":"a","defaults":{"usage":{"prompt_tokens":1}}}}"#,
      "hello.defaults.usage is no field that a hello can set. Did you mean 'user'?"
    ),
    (#"{"hello":{"v":1,"client":"a","defaults":{"team":7}}}"#, "hello.defaults.team is no plain text"),
    (#"{"hello":{"v":1,"client":"a","defaults":{"region":["eu"]}}}"#, "hello.defaults.region is no plain text"),
    (
      #"{"hello":{"v":1,"client":"a","defaults":{"key":"\#(String(repeating: "k", count: 129))"}}}"#,
      "hello.defaults.key is longer than 128 bytes"
    ),
    (#"{"hello":{"v":1,"client":"a","defaults":[]}}"#, "hello, or hello.defaults in it, is no object"),
    (#"{"hello":"x"}"#, "hello, or hello.defaults in it, is no object"),
    (#"{"hello":{"v":1,"v":1,"client":"a"}}"#, "The hello cannot be read. The line has one key twice"),
  ])
  func `a hello is taken, or its sender hears the place and the cure`(line: String, outcome: String) {
    let reader = Reading.Reader()
    let reading = reader.read(Array(line.utf8), defaults: [:])
    if outcome.hasPrefix("hello a ") {
      #expect(reading == outcome)
    } else {
      #expect(reading == "refused bad_hello")
      #expect(reader.decoder.helloFault?.description.hasPrefix(outcome) == true, "\(reader.decoder.helloFault as Any)")
    }
  }
}
