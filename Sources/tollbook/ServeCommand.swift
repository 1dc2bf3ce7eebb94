import ArgumentParser
import CSystem
import Calls
import Foundation
import Rates
import Sidecar
import Web

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Take log lines from a Unix socket and keep the books.",
    discussion: """
      Runs until SIGTERM or SIGINT: then it takes no more senders, writes what has come, and exits \
      with 0; a second signal leaves at once. SIGHUP reads the price files and the mapping file again: \
      all of them, or with a mistake none.

      EXAMPLES
        tollbook serve
        tollbook serve --data /var/lib/tollbook --socket /run/tollbook/tollbook.sock
        echo '{"team":"search","provider":"openai","model":"gpt-5-mini","units":{"input":9}}' \
          | nc -NU ~/.local/state/tollbook/tollbook.sock
      """)

  @Option(help: ArgumentHelp("Folder of the ledger.", valueName: "dir"))
  var data: String?
  @Option(help: ArgumentHelp("Unix socket for senders (default: tollbook.sock in the folder).", valueName: "path"))
  var socket: String?
  @Option(
    help: ArgumentHelp(
      "Unix socket for datagrams, or off (default: tollbook.dgram in the folder).", valueName: "path"))
  var datagrams: String?
  @Option(
    name: .customLong("http-socket"),
    help: ArgumentHelp(
      "Unix socket for posts over HTTP, or off (default: http.sock in the folder).", valueName: "path"))
  var httpSocket: String?
  @Option(
    help: ArgumentHelp(
      "Address of posts, /healthz and /metrics, or off (default: 127.0.0.1:8089).", valueName: "addr:port"))
  var http: String?
  @Option(help: ArgumentHelp("Unix socket for Fluent Forward (default: off).", valueName: "path"))
  var forward: String?
  @Option(help: ArgumentHelp("Folder of price files.", valueName: "dir"))
  var pricing: String?
  @Option(help: ArgumentHelp("File that says how lines of other programs are read.", valueName: "file"))
  var mapping: String?
  @Option(
    name: .customLong("flush-ms"),
    help: ArgumentHelp("Milliseconds a line waits for others before its commit (default: 50).", valueName: "n"))
  var flushMilliseconds: Int?

  func run() async throws {
    // What was said to a model passes through this memory, and is to be found nowhere.
    tb_forbid_dumps()
    let caught = tb_catch_signals()
    precondition(caught == 0, "signals cannot be caught: errno \(caught)")
    let surroundings = Surroundings.ofProcess()
    let configuration = try Settings.load(
      flags: [
        .data: data, .socket: socket, .datagrams: datagrams, .httpSocket: httpSocket, .http: http,
        .forward: forward, .pricing: pricing, .mapping: mapping,
        .flushMilliseconds: flushMilliseconds.map(String.init),
      ], surroundings)
    let folder = Settings.pricing(configuration)
    let rates = RateLoading { () throws(RateFaults) in try Settings.rates(folder) }
    let page = configuration[.http].value
    let address = page == "off" ? nil : try HTTPAddress(page)
    let log = EventLog()
    defer { log.flush() }
    var settings = DaemonSettings(
      data: configuration[.data].value, socket: configuration[.socket].value)
    let datagrams = configuration[.datagrams].value
    if datagrams != "off" { settings.datagrams = datagrams }
    settings.flushMilliseconds = configuration.number(.flushMilliseconds)
    settings.mappings = try Settings.mappings(configuration)
    settings.batchLines = configuration.number(.batchLines)
    let httpSocket = configuration[.httpSocket].value
    if httpSocket != "off" { settings.httpSocket = httpSocket }
    let forward = configuration[.forward].value
    if forward != "off" { settings.forward = forward }
    let rate = configuration.number(.rateLimit)
    settings.linesPerSecond = rate > 0 ? rate : nil
    settings.userTeams = UserTeams(configuration[.userTeams].value) ?? .none
    settings.passed = try PassedSockets(environment: surroundings.environment, process: getpid())
    settings.receivers = try Settings.receivers(configuration)
    if configuration[.watch].value == "on" {
      settings.watch = try Settings.watch(configuration, zone: configuration[.zone].value)
    }
    let daemon = try Daemon(settings: settings, rates: rates, log: log)
    let pages = StatusPages(daemon: daemon)
    daemon.serveHTTP(on: address) { pages.answer($0) }
    ServeSignals(daemon: daemon, pricing: folder, configuration: configuration).start()
    if let fault = daemon.wait() { throw fault }
  }
}

/// Waits for signals on a thread of its own, and does what they ask.
private final class ServeSignals: Sendable {
  private let daemon: Daemon
  private let pricing: PricingFolder
  private let configuration: Configuration

  init(daemon: Daemon, pricing: PricingFolder, configuration: Configuration) {
    self.daemon = daemon
    self.pricing = pricing
    self.configuration = configuration
  }

  func start() {
    let result = tb_thread(signalsBody, Unmanaged.passRetained(self).toOpaque(), "tollbook-signal")
    precondition(result == 0, "the system gives no thread: errno \(result)")
  }

  fileprivate func run() {
    var isStopping = false
    while true {
      switch tb_wait_signal() {
      case SIGHUP:
        do throws(RateFaults) {
          daemon.use(rates: try Settings.rates(pricing))
        } catch {
          daemon.keepRates(because: error)
        }
        guard !configuration[.mapping].value.isEmpty else { continue }
        do throws(LineMappingFaults) {
          daemon.use(mappings: try Settings.mappings(configuration))
        } catch {
          daemon.keepMappings(because: error)
        }
      default:
        if isStopping { _exit(1) }
        isStopping = true
        daemon.stop()
      }
    }
  }
}

/// Formed here, outside any actor: a closure made in one and handed to C would trap at run time.
private func signalsBody(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  Unmanaged<ServeSignals>.fromOpaque(argument).takeRetainedValue().run()
}
