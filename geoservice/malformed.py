"""What is no HTTP never reaches the application: it is refused here, as everything else is."""

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from geoservice.problems import HTTP, problem

_WHY = "the request cannot be read: it is no HTTP, or its address is longer than 64 KB"
_WHY_ZH = "请求无法解析：不是 HTTP，或网址超过 64 KB"


class Protocol(HttpToolsProtocol):
    """Answers a request that cannot be parsed with a problem, where uvicorn has a bare text."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's own words
        """Refuse and hang up."""
        answer = problem(HTTP[400][0], _WHY_ZH, _WHY)
        head = [b": ".join(pair) for pair in [*answer.raw_headers, (b"connection", b"close")]]
        said = b"\r\n".join([*head, b"", bytes(answer.body)])
        self.transport.write(STATUS_LINE[400] + said)
        self.transport.close()
