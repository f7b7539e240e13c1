package dev.firebreak.auth.ops;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A resource that somebody added without saying which scope it asks for. */
@RestController
class UnlistedController {
    @GetMapping({"/internal/v1/ops/unlisted", "/api/v1/ops/unlisted"})
    String secret(Caller caller) {
        return "told to " + caller;
    }
}
