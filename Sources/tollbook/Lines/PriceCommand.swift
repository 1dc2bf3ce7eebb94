import ArgumentParser
import Audit
import Calls
import Foundation
import Rates
import Sidecar
import Units

struct PriceCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "price",
    abstract: "Price log lines from standard input or a file, without a ledger.",
    discussion: """
      One answer a line: what the call costs by the cards of its day, meter by meter. Exits with 2 \
      when a line could not be priced exactly.

      EXAMPLES
        tollbook price calls.ndjson
        tollbook price --explain calls.ndjson
        echo '{"model":"gpt-5-mini","units":{"output":80}}' | tollbook price --json
      """)

  @Argument(help: ArgumentHelp("A file of lines, or - for standard input.", valueName: "file"))
  var file = "-"
  @Option(help: ArgumentHelp("Folder of price files.", valueName: "dir"))
  var pricing: String?
  @Option(help: ArgumentHelp("File that says how lines of other programs are read.", valueName: "file"))
  var mapping: String?
  @Flag(help: "Tell how the card was found: every one that was looked at, and why it holds or not.")
  var explain = false
  @OptionGroup var defaults: LineDefaults
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let configuration = try Settings.load(flags: [.pricing: pricing, .mapping: mapping], surroundings)
    let rates = try Settings.rates(Settings.pricing(configuration))
    let lines = try LineFile(path: file)
    var decoder = CallDecoder(mappings: try Settings.mappings(configuration))
    let defaults = CallDefaults(try defaults.named)
    var exit = ExitStatus.clean
    var call = Call()
    func answer(_ other: CallDecoder.NoCall?) {
      let quote: PriceQuote
      switch other {
      case .blank, .hello: return
      case .refused(let reason): quote = PriceQuote(refused: reason)
      case .ignored(let reason): quote = PriceQuote(ignored: reason)
      case nil:
        quote = PriceQuote(call, of: decoder.subjects.subjects[Int(call.subject)], rates, explain: explain)
      }
      decoder.details = DetailText()
      if quote.state != "exact", quote.state != "ignored" { exit = .found }
      let text = output.json ? quote.json : quote.text(output.paint(surroundings))
      FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
    func price(_ line: UnsafeBufferPointer<UInt8>) {
      answer(decoder.decode(line, arrival: surroundings.now, defaults: defaults, into: &call))
      while decoder.hasMore {
        answer(decoder.decodeNext(arrival: surroundings.now, defaults: defaults, into: &call))
      }
    }
    while try lines.next(isLast: true, { (line) throws(LineFileFault) in price(line) }) {}
    return Answer("", exit: exit)
  }
}
