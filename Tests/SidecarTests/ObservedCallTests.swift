import Testing

/// What people see of a call that a program's hook and a gateway told of, by the real binary.
@Suite struct ObservedCallTests {
  @Test func `a call is found by either's id, and tells who else told of it`() throws {
    let daemon = try DaemonProcess()
    let hook =
      #"{"id":"c1","at":"2026-11-20T10:00:00Z","provider":"acme","model":"m","provider_request_id":"req-1","units":{"input":1000}}"#
    let gateway =
      #"{"request_time":"0.4","status":"200","uri":"/v1/chat/completions","time_iso8601":"2026-11-20T10:00:01+00:00","x_request_id":"req-1","request_id":"g1"}"#
    #expect(
      try daemon.run("ingest", "-", input: hook + "\n" + gateway + "\n").out
        == "2 lines, 1 calls booked, 1 told of by another before.\n")
    for id in ["c1", "req-1", "g1", "#1"] {
      let shown = try daemon.run("calls", id)
      #expect(shown.out.contains("Why it cost 0.002000000 USD"), "\(id): \(shown.error)")
      #expect(
        shown.out.contains(
          "\nTold of again, and booked once\n  by a sender without a name, by a line of the shape AccessLine: no usage, noted "
        ))
    }
    #expect(
      try daemon.run("calls", "g1", "--json").out.contains(
        #""observations":[{"client":null,"shape":"AccessLine","id_digest":""#))
    #expect(try daemon.run("status", "--json").out.contains(#""observations":1,"#))
    #expect(try daemon.run("verify").status == 0)
    // The second time both are known; what is not booked needs no price.
    #expect(
      try daemon.run("ingest", "-", input: hook + "\n" + gateway + "\n").out
        == "2 lines, 0 calls booked, 2 booked before.\n")
  }
}
