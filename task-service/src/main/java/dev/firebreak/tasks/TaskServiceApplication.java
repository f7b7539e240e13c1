package dev.firebreak.tasks;

import dev.firebreak.starter.run.FirebreakApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the task service, or with {@code --firebreak.run=migrate} brings its schema up to date and exits. */
@SpringBootApplication
public class TaskServiceApplication {
    public static void main(String[] args) {
        FirebreakApplication.run(TaskServiceApplication.class, args);
    }
}
