package dev.firebreak.starter.pool;

import java.time.ZoneId;
import java.util.List;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** {@code GET /actuator/pools} on the management port: answered from memory, whatever state the pools are in. */
@Endpoint(id = "pools")
class PoolsEndpoint {
    private final Pools pools;

    record Answer(List<PoolReport> pools) {}

    PoolsEndpoint(Pools pools) {
        this.pools = pools;
    }

    @ReadOperation
    Answer pools() {
        ZoneId zone = ZoneId.systemDefault();
        return new Answer(
                pools.all().stream().map(pool -> PoolReport.of(pool, zone)).toList());
    }
}
