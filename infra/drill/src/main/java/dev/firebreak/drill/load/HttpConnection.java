package dev.firebreak.drill.load;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One connection: writes a request and reads its answer (RFC 9112: Content-Length, chunks, or up to the end). */
final class HttpConnection {
    private static final int MOST_HEADERS = 100;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[8 * 1024];
    private int position;
    private int limit;
    private long deadline;
    private int exchanges;
    private long received;
    private boolean reusable;

    HttpConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    boolean isReusable() {
        return reusable;
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param deadlineNanos by {@link System#nanoTime} */
    Answer exchange(byte[] request, long deadlineNanos) throws IOException {
        reusable = false;
        received = 0;
        deadline = deadlineNanos;
        String statusLine = firstLine(request);
        int status = Integer.parseInt(statusLine.substring(9, 12));
        List<String> headers = new ArrayList<>(16);
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (headers.size() == MOST_HEADERS) {
                throw new IOException("an answer with more than " + MOST_HEADERS + " headers");
            }
            headers.add(line);
        }
        Answer head = new Answer(status, headers, new byte[0]);
        boolean keep = !"close".equalsIgnoreCase(head.header("connection").orElse(""));
        byte[] body = body(head);
        reusable = keep && (status == 204 || status == 304 || isFramed(head)) && position == limit;
        return new Answer(status, headers, body);
    }

    private String firstLine(byte[] request) throws IOException {
        boolean used = exchanges++ > 0;
        try {
            socket.getOutputStream().write(request);
            return line();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            if (used && received == 0) {
                throw new StaleConnectionException("a kept connection had ended", e);
            }
            throw e;
        }
    }

    private static boolean isFramed(Answer head) {
        return head.header("content-length").isPresent() || isChunked(head);
    }

    private static boolean isChunked(Answer head) {
        return head.header("transfer-encoding")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .contains("chunked");
    }

    private byte[] body(Answer head) throws IOException {
        if (head.status() == 204 || head.status() == 304) {
            return new byte[0];
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
        if (isChunked(head)) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                read(body, size);
                line();
            }
            while (!line().isEmpty()) {
                // trailers
            }
        } else if (head.header("content-length").isPresent()) {
            read(body, Integer.parseInt(head.header("content-length").orElseThrow()));
        } else {
            while (position < limit || fill()) {
                body.write(buffer, position, limit - position);
                position = limit;
            }
        }
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        String line = line();
        int extension = line.indexOf(';');
        return Integer.parseInt((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
    }

    private void read(ByteArrayOutputStream body, int length) throws IOException {
        for (int left = length; left > 0; ) {
            require();
            int part = Math.min(left, limit - position);
            body.write(buffer, position, part);
            position += part;
            left -= part;
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(128);
        while (true) {
            require();
            byte next = buffer[position++];
            if (next == '\n') {
                break;
            }
            text.write(next);
        }
        String line = text.toString(StandardCharsets.ISO_8859_1);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private void require() throws IOException {
        if (position == limit && !fill()) {
            throw new EOFException("the connection ended in the middle of an answer");
        }
    }

    private boolean fill() throws IOException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("no whole answer in time");
        }
        socket.setSoTimeout((int) Math.max(1, left / 1_000_000));
        int read = in.read(buffer, 0, buffer.length);
        position = 0;
        limit = Math.max(read, 0);
        received += limit;
        return read > 0;
    }
}
