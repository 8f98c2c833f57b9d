import java.io.File;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.rdf.model.Model;
import org.apache.jena.rdf.model.ModelFactory;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.riot.RDFLanguages;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.riot.RiotException;
import org.apache.jena.riot.system.ErrorHandler;
import org.apache.jena.sys.JenaSystem;

/**
 * What Jena reads and answers.
 *
 * <p>Arguments: read FILE... | convert LANGUAGE IN OUT | query DATA FOLDER, which answers each
 * FOLDER/*.rq into a file of the same name that ends in .srj (SELECT, ASK) or .nt (triples).
 * Output: lines of FILE, key, value, with tabs between.
 */
public class Jena {
  public static void main(String[] arguments) throws Exception {
    JenaSystem.init();
    List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
    switch (arguments[0]) {
      case "read":
        rest.forEach(Jena::read);
        break;
      case "convert":
        try (OutputStream out = new FileOutputStream(rest.get(2))) {
          RDFDataMgr.write(out, RDFDataMgr.loadModel(rest.get(1)), RDFLanguages.nameToLang(rest.get(0)));
        }
        break;
      case "query":
        query(rest.get(0), new File(rest.get(1)));
        break;
      default:
        throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void say(String file, String key, Object value) {
    System.out.println(file + "\t" + key + "\t" + value.toString().replaceAll("\\s+", " "));
  }

  /** Count the triples of a file and tell each error and warning: of syntax, of IRIs, of lexical forms. */
  private static void read(String file) {
    ErrorHandler tell = new ErrorHandler() {
      @Override
      public void warning(String message, long line, long column) {
        say(file, "warning", line + ": " + message);
      }

      @Override
      public void error(String message, long line, long column) {
        say(file, "error", line + ": " + message);
      }

      @Override
      public void fatal(String message, long line, long column) {
        throw new RiotException(line + ": " + message);
      }
    };
    Model model = ModelFactory.createDefaultModel();
    try {
      RDFParser.source(file).checking(true).strict(true).errorHandler(tell).parse(model);
    } catch (RiotException error) {
      say(file, "error", error.getMessage());
    }
    say(file, "triples", model.size());
  }

  private static void query(String data, File folder) throws Exception {
    Model model = RDFDataMgr.loadModel(data);
    for (File file : folder.listFiles((place, name) -> name.endsWith(".rq"))) {
      Query query = QueryFactory.create(Files.readString(file.toPath()));
      boolean rows = query.isSelectType() || query.isAskType();
      Path answer = Path.of(file.getPath().replaceAll("rq$", rows ? "srj" : "nt"));
      try (OutputStream out = Files.newOutputStream(answer);
          QueryExecution run = QueryExecutionFactory.create(query, model)) {
        if (query.isSelectType()) {
          ResultSetFormatter.outputAsJSON(out, run.execSelect());
        } else if (query.isAskType()) {
          ResultSetFormatter.outputAsJSON(out, run.execAsk());
        } else {
          RDFDataMgr.write(out, query.isConstructType() ? run.execConstruct() : run.execDescribe(), Lang.NTRIPLES);
        }
      }
      say(file.getPath(), "answered", answer);
    }
  }
}
