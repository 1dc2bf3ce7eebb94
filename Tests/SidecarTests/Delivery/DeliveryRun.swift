import Foundation
import TestSupport
import Testing

/// Senders over every door, and a daemon that is killed, hung and cut off, and whose clock steps, as the dice will
/// have it.
///
/// Nothing waits for a time: each step does what can be done at once, and the end waits for what must come.
struct DeliveryRun {
  let daemon: DaemonProcess
  private var dice: Seeded
  var obligations = Obligations()
  /// What a sender was told that it should never have been told.
  private(set) var surprises: [String] = []
  private let streams = (1...3).map { SpoolingSender("stream-\($0)") }
  private let posting = ["posts-1", "posts-2", nil].map { PostingSender(client: $0) }
  /// Steps for which a stream does not read what it is told.
  private var deaf = [0, 0, 0]
  private var calls = 0
  private var isHung = false
  /// The daemon's clock; nil where none can be set.
  let clock: FalseClock?

  init(seed: UInt64) throws {
    dice = Seeded(seed)
    daemon = try DaemonProcess(flushMilliseconds: 2)
    clock = try FalseClock(file: daemon.folder + "/clock")
    daemon.clock = clock
    try daemon.start()
    for stream in streams { stream.connect(daemon.socket) }
  }

  private mutating func roll(_ below: Int) -> Int { Int(dice.next() % UInt64(below)) }

  private mutating func next() -> Int {
    calls += 1
    return calls
  }

  // MARK: - With faults

  mutating func step() throws {
    let place = roll(streams.count)
    let stream = streams[place]
    switch roll(100) {
    case 0..<40: for _ in 0...roll(40) { stream.keep(next()) }
    case 40..<55: for _ in 0...roll(30) { posting[place].keep(next()) }
    case 55..<58: reconnect(stream)
    case 58..<60:
      obligations.did(.secondSenders)
      stream.connectBeside(daemon.socket)
    case 60..<62 where stream.hasSent:
      obligations.did(.replayedSpools)
      stream.replay()
    case 62..<64:
      obligations.did(.secondEpochs)
      stream.beginEpoch(daemon.socket)
    case 64..<67:
      obligations.did(.slowReadings)
      deaf[place] = 10 + roll(60)
    case 67..<70: posting[place].disconnect()
    case 70..<72: try kill()
    case 72..<74: hang()
    case 74..<76: try stepClock()
    case 76..<80 where !isHung: try sendPlainly()
    case 80..<90 where !isHung: waitForOne()
    default: break
    }
    go()
  }

  /// Everybody writes a piece, of a size that the dice tell, and most of them read.
  private mutating func go() {
    for place in streams.indices {
      let stream = streams[place]
      if stream.link == nil { stream.connect(daemon.socket) }
      let bytes = roll(3) == 0 ? 1 + roll(60) : 1 + roll(20_000)
      stream.write(atMost: bytes, &obligations)
      if stream.link?.isTorn ?? false { obligations.did(.cutWrites) }
      deaf[place] = max(0, deaf[place] - 1)
      if deaf[place] == 0, let surprise = stream.hear(&obligations) { surprises.append(surprise) }
      posting[place].begin(&obligations)
      let other = posting[place].turn(daemon.httpSocket, atMost: 1 + roll(4_000), &obligations)
      if let other { surprises.append(other) }
    }
  }

  /// Often in the middle of a line: the rest of it comes by no connection.
  private mutating func reconnect(_ stream: SpoolingSender) {
    obligations.did(.reconnections)
    stream.keep(next())
    stream.write(atMost: 1 + roll(60), &obligations)
    if stream.link?.isTorn ?? false { obligations.did(.tornLines) }
    stream.connect(daemon.socket)
  }

  private mutating func kill() throws {
    obligations.did(.kills)
    for stream in streams where stream.link?.isTorn ?? false { obligations.did(.tornLines) }
    daemon.kill()
    isHung = false
    for stream in streams { stream.disconnect() }
    for sender in posting { sender.disconnect() }
    try daemon.start()
  }

  private mutating func hang() {
    if !isHung { obligations.did(.hangs) }
    daemon.signal(isHung ? SIGCONT : SIGSTOP)
    isHung.toggle()
  }

  private mutating func stepClock() throws {
    guard let clock else { return }
    obligations.did(.clockSteps)
    try clock.set(FalseClock.steps[roll(FalseClock.steps.count)])
  }

  /// A line without hello, and a datagram: nothing is owed, and nothing may be booked twice.
  private mutating func sendPlainly() throws {
    func line(_ call: Int) -> String { DaemonProcess.call("o-\(call)", input: call) + "\n" }
    let plain = next()
    let sender = try RawSender(daemon.socket)
    obligations.send(plain)
    sender.send(line(plain))
    // A last line that the sender did not finish is no line.
    if roll(2) == 0 { sender.send(String(line(next()).dropLast(10))) }
    sender.close()
    obligations.did(.plainLines)
    let datagram = next()
    obligations.send(datagram)
    try DatagramTests.send(line(datagram), to: daemon.socket.replacing(".sock", with: ".dgram"))
    obligations.did(.datagrams)
  }

  /// Goes on until one more line is known to be on disk.
  private mutating func waitForOne() {
    let place = roll(streams.count)
    guard !streams[place].isSettled else { return }
    deaf[place] = 0
    let before = obligations.owed.count
    goOn { $0.obligations.owed.count > before }
  }

  /// Goes on until that holds; a daemon that says nothing more for very many turns is told of, and no test hangs.
  private mutating func goOn(until holds: (DeliveryRun) -> Bool) {
    var turns = 0
    var owed = obligations.owed.count
    while !holds(self), surprises.isEmpty {
      go()
      usleep(200)
      turns = obligations.owed.count == owed ? turns + 1 : 0
      owed = obligations.owed.count
      if turns == Self.turnsMax { surprises.append("nothing more was acknowledged") }
    }
  }

  private static let turnsMax = 100_000

  // MARK: - Without

  /// Ends what hinders, and goes on until every line is acknowledged; then a fresh one over each door.
  mutating func settle() {
    if isHung { hang() }
    finish()
    for stream in streams { stream.keep(next()) }
    for sender in posting { sender.keep(next()) }
    let last = calls
    finish()
    for fresh in (last - 5)...last where !obligations.owed.contains(fresh) {
      surprises.append("the fresh call \(fresh) was not acknowledged")
    }
  }

  private mutating func finish() {
    deaf = [0, 0, 0]
    goOn { $0.streams.allSatisfy(\.isSettled) && $0.posting.allSatisfy(\.isSettled) }
  }

  /// What the ledger has, each call by its input.
  func rows() throws -> [Obligations.Row] {
    try daemon.ask("select input, cost_n from call").map { row in
      let fields = row.split(separator: " ").compactMap { Int($0) }
      return Obligations.Row(call: fields[0], amount: fields[1])
    }
  }
}
