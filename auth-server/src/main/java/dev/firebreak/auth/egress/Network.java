package dev.firebreak.auth.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** A network as CIDR writes it. Immutable. */
final class Network {
    /** Literals only: a name would be looked up. */
    private static final Pattern LITERAL = Pattern.compile("[0-9]+(?:\\.[0-9]+){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    private final byte[] prefix;
    private final int bits;

    private Network(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /** Of text like {@code 10.0.0.0/8} or {@code fd00::/8}; {@link IllegalArgumentException} for any other. */
    static Network of(String cidr) {
        int slash = cidr.indexOf('/');
        String literal = slash < 0 ? "" : cidr.substring(0, slash);
        if (!LITERAL.matcher(literal).matches() || !cidr.substring(slash + 1).matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("'%s' is no network in CIDR notation".formatted(cidr));
        }
        try {
            byte[] address = InetAddress.getByName(literal).getAddress();
            int bits = Integer.parseInt(cidr.substring(slash + 1));
            if (bits > address.length * Byte.SIZE) {
                throw new IllegalArgumentException("'%s' has too many bits".formatted(cidr));
            }
            return new Network(address, bits);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'%s' is no network in CIDR notation".formatted(cidr), e);
        }
    }

    boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        int whole = bits / Byte.SIZE;
        if (other.length != prefix.length || !Arrays.equals(other, 0, whole, prefix, 0, whole)) {
            return false;
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || ((other[whole] ^ prefix[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
    }
}
