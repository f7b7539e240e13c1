package dev.firebreak.gateway;

import org.junit.jupiter.api.BeforeEach;

/** Tests that can share a gateway: started once for all of them, put in order before each. */
abstract class SharedGatewayIT {
    private static final class Holder {
        static final TestGateway GATEWAY = TestGateway.start();
    }

    final TestGateway gateway = Holder.GATEWAY;

    @BeforeEach
    void putInOrder() {
        gateway.reset();
    }
}
