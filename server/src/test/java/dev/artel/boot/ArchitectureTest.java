package dev.artel.boot;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.artel.acceptance.Accepts;
import dev.artel.db.Tx;
import dev.artel.event.Streams;
import dev.artel.http.Sink;
import dev.artel.http.StreamAnswer;
import dev.artel.protocol.UserId;
import dev.artel.testing.Deliberate;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.ServletResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/// The shape of the server, as rules that a build can break.
class ArchitectureTest {
  /// What each package may use besides base and protocol. A new edge is a decision of its own.
  private static final String TABLE =
      """
      base         :
      db           :
      http         : db
      llm          : http
      event        : db http
      identity     : db http event
      project      : identity event db http
      agent        : identity event db http project bus llm
      bus          : event db http
      memory       : llm agent event db http
      tool         : http
      approval     : tool project event db http
      workspace    : tool identity project event db http
      runtime      : bus agent llm memory tool approval event db http
      orchestrator : bus agent llm approval tool event db http
      space        : project agent bus memory orchestrator runtime event db http
      chat         : space runtime memory agent project event db http bus
      analytics    : event db http
      ops          : db http
      """;

  private static final Set<String> EVERYONE = Set.of("base", "protocol");

  /// Edge libraries and the entry point, where the framework is at home.
  private static final Set<String> RIM = Set.of("boot", "db", "http", "ops");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.artel");

  @Test
  void packages_use_only_what_the_table_allows() {
    Map<String, Set<String>> allowed = table();
    var wrong = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      String from = feature(type);
      if (from.equals("boot") || from.equals("protocol")) {
        continue;
      }
      Set<String> may = allowed.get(from);
      if (may == null) {
        wrong.add(from + " stands in no row of the table");
        continue;
      }
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith("dev.artel."))
          .filter(target -> !feature(target).equals(from))
          .filter(target -> !EVERYONE.contains(feature(target)) && !may.contains(feature(target)))
          .forEach(target -> wrong.add(type.getName() + " uses " + target.getName()));
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void packages_form_no_cycle() {
    slices().matching("dev.artel.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void machines_touch_no_io_no_thread_and_no_clock() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Machine")
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.io..")
                .or(resideInAPackage("java.nio.."))
                .or(resideInAPackage("java.net.."))
                .or(resideInAPackage("java.sql.."))
                .or(resideInAPackage("java.util.concurrent.."))
                .or(resideInAPackage("org.springframework.."))
                .or(resideInAPackage("dev.artel.db.."))
                .or(JavaClass.Predicates.assignableTo(java.time.Clock.class))
                .or(JavaClass.Predicates.assignableTo(Thread.class)))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void framework_annotations_stay_at_the_rim() {
    var wrong = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      String outermost = outermost(type).getSimpleName();
      if (RIM.contains(feature(type))
          || outermost.endsWith("Module")
          || outermost.endsWith("Routes")) {
        continue;
      }
      annotated(type)
          .flatMap(place -> place.getAnnotations().stream())
          .map(annotation -> annotation.getRawType().getName())
          // A record that goes over the wire may say what its fields mean.
          .filter(name -> !(type.isRecord() && name.equals(Schema.class.getName())))
          .filter(name -> name.startsWith("org.springframework.") || name.startsWith("io.swagger."))
          .forEach(name -> wrong.add(type.getName() + " has " + name));
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void every_package_is_null_marked() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .allSatisfy(name ->
            assertThat(Class.forName(name + ".package-info"))
                .as(name)
                .hasAnnotation(NullMarked.class));
  }

  @Test
  void store_methods_take_the_transaction_and_then_the_user() throws Exception {
    var without = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      if (!type.getSimpleName().endsWith("Store")) {
        continue;
      }
      for (JavaMethod method : type.getMethods()) {
        List<JavaClass> takes = method.getRawParameterTypes();
        if (method.getModifiers().contains(JavaModifier.PRIVATE)
            || method.getModifiers().contains(JavaModifier.SYNTHETIC)
            || takes.isEmpty()
            || !takes.getFirst().isEquivalentTo(Tx.class)) {
          continue;
        }
        if (takes.size() < 2 || !takes.get(1).isEquivalentTo(UserId.class)) {
          without.add(type.getSimpleName() + "." + method.getName());
        }
      }
    }

    assertThat(without).isEqualTo(Deliberate.names("Store methods that take no user"));
  }

  @Test
  void our_code_uses_one_generation_of_json() throws Exception {
    Set<String> excepted = Deliberate.names("Classes that speak Jackson 2");
    noClasses()
        .that(
            DescribedPredicate.describe(
                "not excepted", type -> !excepted.contains(type.getSimpleName())))
        .should()
        .dependOnClassesThat(
            resideInAPackage("com.fasterxml.jackson..")
                .and(
                    DescribedPredicate.not(resideInAPackage("com.fasterxml.jackson.annotation.."))))
        .check(CLASSES);
  }

  /// A setting that nothing reads would promise an effect that it does not have.
  @Test
  void every_value_of_the_configuration_is_read() {
    assertThat(
            CLASSES.stream()
                .filter(type -> type.getName().startsWith(Config.class.getName() + "$"))
                .filter(JavaClass::isRecord)
                .flatMap(type -> type.getFields().stream())
                .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                .filter(ArchitectureTest::unread)
                .map(JavaField::getFullName))
        .isEmpty();
  }

  @Test
  void what_is_behind_a_door_is_not_public() {
    assertThat(
            CLASSES.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type ->
                    type.getSimpleName().matches(".*(Store|Module|Machine|Edge)")
                        || type.isAnnotatedWith(RestController.class))
                .map(JavaClass::getName))
        .isEmpty();
  }

  /// All lines of all streams go through one door, one cursor and one outlet.
  @Test
  @Accepts("S12.6.1")
  void streams_are_opened_and_written_in_one_place() {
    assertThat(callers(StreamAnswer.class, "to")).containsExactly("Follow");
    assertThat(callers(Streams.class, "serve")).containsExactly("Follow", "Streams");
    assertThat(callers("dev.artel.event.Reader", "<init>")).containsExactly("Streams");
    assertThat(callers("dev.artel.event.Outlet", "<init>")).containsExactly("Reader");
    assertThat(callers("dev.artel.event.Outlet", "write")).containsExactly("Reader");
    assertThat(callers(Sink.class, "write")).containsExactly("Outlet");
    // Who asks for the head alone gets no line.
    assertThat(callers(Sink.class, "flush")).containsExactly("Follow", "Outlet");
    // Everything else that writes to a socket itself is one whole answer.
    assertThat(
            CLASSES.stream()
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isAssignableTo(ServletResponse.class))
                .filter(call -> call.getName().matches("getOutputStream|getWriter"))
                .map(call -> outermost(call.getOriginOwner()).getSimpleName())
                .distinct())
        .containsExactlyInAnyOrder(
            "DocsRoutes", "Errors", "KeptAnswer", "OpsRoutes", "Repeats", "StreamAnswer", "WebApp");
    noClasses()
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.assignableTo(ResponseBodyEmitter.class)
                .or(JavaClass.Predicates.assignableTo(StreamingResponseBody.class)))
        .check(CLASSES);
  }

  private static Set<String> callers(Class<?> of, String method) {
    return callers(of.getName(), method);
  }

  /// The classes that call it, also through a subtype, in order.
  private static Set<String> callers(String of, String method) {
    return CLASSES.stream()
        .flatMap(type -> type.getCodeUnitCallsFromSelf().stream())
        .filter(call -> call.getName().equals(method))
        .filter(call ->
            method.equals("<init>")
                ? call.getTargetOwner().getName().equals(of)
                : call.getTargetOwner().isAssignableTo(of))
        .map(call -> outermost(call.getOriginOwner()).getSimpleName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean unread(JavaField component) {
    JavaMethod accessor = component.getOwner().getMethod(component.getName());
    return accessor.getCallsOfSelf().isEmpty()
        && component.getAccessesToSelf().stream()
            .map(access -> access.getOrigin())
            .allMatch(by -> by.equals(accessor) || by.isConstructor());
  }

  private static Map<String, Set<String>> table() {
    return TABLE
        .lines()
        .map(line -> line.split(":", -1))
        .collect(
            Collectors.toMap(
                cells -> cells[0].strip(),
                cells ->
                    Stream.of(cells[1].split(" ", -1))
                        .filter(word -> !word.isBlank())
                        .collect(Collectors.toSet()),
                (first, _) -> first,
                TreeMap::new));
  }

  private static String feature(JavaClass type) {
    return type.getPackageName().replaceFirst("^dev\\.artel\\.", "").replaceFirst("\\..*", "");
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }

  private static Stream<HasAnnotations<?>> annotated(JavaClass type) {
    Stream<JavaMember> members = type.getMembers().stream();
    Stream<JavaParameter> parameters =
        type.getCodeUnits().stream().map(JavaCodeUnit::getParameters).flatMap(List::stream);
    return Stream.concat(Stream.of(type), Stream.concat(members, parameters));
  }
}
