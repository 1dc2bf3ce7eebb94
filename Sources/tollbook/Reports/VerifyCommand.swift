import ArgumentParser
import Audit
import Store
import Units

struct VerifyCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Prove that the ledger is whole, or show where it is not.",
    discussion: """
      Reads everything: recomputes the seal of every batch, the entries that its calls make, every \
      amount from its card, all balances and rollups, and checks the file. Works beside a running \
      daemon.

      The head is the seal of the last batch. Keep it outside the ledger (it is in the daemon's \
      log and on /healthz), and --head proves that nothing before it was changed since.

      Exits with 0 when all is well, 2 when differences were found, 1 when it could not look.

      EXAMPLES
        tollbook verify
        tollbook verify --head 5f1c… --json
      """)

  @Option(help: ArgumentHelp("A head that was kept outside the ledger.", valueName: "hex"))
  var head: String?

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func answer(_ surroundings: Surroundings) throws -> Answer {
    let anchored = try anchoredHead()
    let folder = try data.folder(surroundings)
    let verifier = try LedgerVerifier(folder: folder)
    let verification = try verifier.verify(anchoredHead: anchored) { done, calls in
      surroundings.progress("verifying: \(Self.percent(done, of: calls)) %")
    }
    surroundings.progress("")
    let exit = verification.isClean ? ExitStatus.clean : .found
    if output.json { return Answer(verification.json + "\n", exit: exit) }
    return Answer(
      verification.text(output.paint(surroundings), folder: folder),
      hints: verification.isClean
        ? ["Keep the head outside the ledger; verify --head checks against it."] : [], exit: exit)
  }

  private func anchoredHead() throws(CommandFault) -> String? {
    guard let head else { return nil }
    let text = head.lowercased()
    guard text.utf8.count == 64,
      text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else {
      throw CommandFault(
        misuse: "--head has '\(head.prefix(80))', which is not 64 hexadecimal digits.",
        try: "tollbook verify\(data.hint)")
    }
    return text
  }

  private static func percent(_ done: Int64, of calls: Int64) -> Int64 {
    calls > 0 ? Int64(clamping: Int128(done) * 100 / Int128(calls)) : 100
  }
}

extension Verification {
  fileprivate func text(_ paint: Paint, folder: String) -> String {
    let counts =
      "\(CountText.calls(calls)), \(CountText.of(entries, "entry", "entries")), "
      + CountText.of(batches, "batch", "batches")
    if isClean {
      return paint.green("The ledger is whole: ") + counts + "\nhead \(head)\n"
    }
    let count = Int64(faults.count) + faultsLeftOff
    var text =
      paint.red(CountText.of(count, "difference", "differences") + " found") + " in \(counts)\n"
    for fault in faults {
      let place = fault.batch.map { "batch \($0): " } ?? ""
      text += "  \(fault.kind.rawValue): \(place)\(fault.what)\n"
    }
    if faultsLeftOff > 0 { text += "  … and \(NumberText.grouped(faultsLeftOff)) more\n" }
    if faults.contains(where: { $0.kind == .file }) {
      text += StoreFault.cure(ofDamageTo: LedgerFile.database(in: folder)) + "\n"
    }
    return text + "head \(head)\n"
  }
}
