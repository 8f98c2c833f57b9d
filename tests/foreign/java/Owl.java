import java.io.File;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.semanticweb.HermiT.Configuration;
import org.semanticweb.HermiT.Reasoner;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.formats.PrefixDocumentFormat;
import org.semanticweb.owlapi.formats.RDFXMLDocumentFormat;
import org.semanticweb.owlapi.formats.TurtleDocumentFormat;
import org.semanticweb.owlapi.io.FileDocumentSource;
import org.semanticweb.owlapi.io.RDFParserMetaData;
import org.semanticweb.owlapi.model.*;
import org.semanticweb.owlapi.model.parameters.Imports;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWL2RLProfile;
import org.semanticweb.owlapi.profiles.OWLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileReport;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.semanticweb.owlapi.vocab.OWL2Datatype;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * What the OWL API sees in a file that is opened as Protégé opens it: imports are resolved by the
 * catalog in the folder of the file and by nothing else, and what is not found is passed over.
 *
 * <p>Arguments: check FILE... | reason INFERRED.nt FILE | edit FILE SUBJECT PROPERTY OBJECT OUT.ttl OUT.owl.
 * Output: lines of FILE, key, value, with tabs between.
 */
public class Owl {
  private static String file;

  public static void main(String[] arguments) throws Exception {
    List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
    switch (arguments[0]) {
      case "check":
        for (String name : rest) {
          check(open(name));
        }
        break;
      case "reason":
        reason(open(rest.get(1)), rest.get(0));
        break;
      case "edit":
        edit(open(rest.get(0)), rest);
        break;
      default:
        throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void say(String key, Object value) {
    System.out.println(file + "\t" + key + "\t" + value.toString().replaceAll("\\s+", " "));
  }

  /** Open a file with the mappings of the catalog beside it; the network is never asked. */
  private static OWLOntology open(String name) throws Exception {
    file = name;
    File source = new File(name).getAbsoluteFile();
    Map<IRI, IRI> catalog = new HashMap<>();
    File beside = new File(source.getParentFile(), "catalog-v001.xml");
    if (beside.exists()) {
      NodeList entries =
          DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(beside).getElementsByTagName("uri");
      for (int i = 0; i < entries.getLength(); i++) {
        Element entry = (Element) entries.item(i);
        URI target = beside.toURI().resolve(entry.getAttribute("uri"));
        catalog.put(IRI.create(entry.getAttribute("name")), IRI.create(target));
      }
    }
    OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
    // An IRI without a mapping leads to a file that does not exist, so it counts as missing.
    manager.getIRIMappers().add(iri ->
        catalog.getOrDefault(iri, iri.getScheme().startsWith("http") ? IRI.create("file:/no-such-file") : null));
    manager.addMissingImportListener(event -> say("missing import", event.getImportedOntologyURI()));
    OWLOntologyLoaderConfiguration lenient = new OWLOntologyLoaderConfiguration()
        .setMissingImportHandlingStrategy(MissingImportHandlingStrategy.SILENT);
    return manager.loadOntologyFromOntologyDocument(new FileDocumentSource(source), lenient);
  }

  private static void check(OWLOntology root) {
    Set<OWLOntology> closure = root.getImportsClosure();
    Set<OWLAxiom> axioms = new HashSet<>();
    for (OWLOntology ontology : closure) {
      axioms.addAll(ontology.getAxioms());
      say("ontology", ontology.isAnonymous() ? "anonymous" : ontology.getOntologyID().getOntologyIRI().get());
      OWLDocumentFormat format = root.getOWLOntologyManager().getOntologyFormat(ontology);
      if (format.getOntologyLoaderMetaData() instanceof RDFParserMetaData) {
        RDFParserMetaData parsed = (RDFParserMetaData) format.getOntologyLoaderMetaData();
        parsed.getUnparsedTriples().forEach(triple -> say("unparsed triple", triple));
        parsed.getGuessedDeclarations().asMap().keySet().forEach(guess -> say("guessed", guess));
        say("headers", parsed.getHeaderState());
      }
    }
    Map<String, Integer> types = new HashMap<>();
    axioms.forEach(axiom -> types.merge(axiom.getAxiomType().getName(), 1, Integer::sum));
    types.forEach((type, count) -> say("axioms " + type, count));
    say("classes", root.getClassesInSignature(Imports.INCLUDED).stream().filter(c -> !c.isBuiltIn()).count());
    say("object properties", root.getObjectPropertiesInSignature(Imports.INCLUDED).size());
    say("data properties", root.getDataPropertiesInSignature(Imports.INCLUDED).size());
    say("individuals", root.getIndividualsInSignature(Imports.INCLUDED).size());
    signature(closure);
    links(root, axioms);
    literals(axioms);
    profile(root, "DL", new OWL2DLProfile());
    profile(root, "RL", new OWL2RLProfile());
  }

  /** Report entities without a declaration, and names of two kinds that OWL 2 DL keeps apart. */
  private static void signature(Set<OWLOntology> closure) {
    Map<IRI, Set<String>> kinds = new HashMap<>();
    Set<String> undeclared = new TreeSet<>();
    for (OWLOntology ontology : closure) {
      for (OWLEntity entity : ontology.getSignature()) {
        if (entity.isBuiltIn()) {
          continue;
        }
        kinds.computeIfAbsent(entity.getIRI(), iri -> new TreeSet<>()).add(entity.getEntityType().getName());
        // An individual may go without: its kind is plain from where it stands.
        if (!entity.isOWLNamedIndividual() && closure.stream().noneMatch(any -> any.isDeclared(entity))) {
          undeclared.add(entity.getEntityType().getName() + " " + entity.getIRI());
        }
      }
    }
    undeclared.forEach(entity -> say("undeclared", entity));
    kinds.forEach((iri, names) -> {
      if (names.size() > 1) {
        say("punned", iri + " " + String.join(" ", names));
      }
    });
  }

  /** Report annotations that lead from one individual to another: meant as an object property, read as a remark. */
  private static void links(OWLOntology root, Set<OWLAxiom> axioms) {
    Set<IRI> individuals = new HashSet<>();
    root.getIndividualsInSignature(Imports.INCLUDED).forEach(one -> individuals.add(one.getIRI()));
    Set<IRI> entities = new HashSet<>();
    root.getSignature(Imports.INCLUDED).stream()
        .filter(one -> !one.isOWLNamedIndividual()).forEach(one -> entities.add(one.getIRI()));
    Set<String> found = new TreeSet<>();
    for (OWLAxiom axiom : axioms) {
      if (axiom instanceof OWLAnnotationAssertionAxiom) {
        OWLAnnotationAssertionAxiom remark = (OWLAnnotationAssertionAxiom) axiom;
        boolean link = individuals.contains(remark.getSubject()) && individuals.contains(remark.getValue());
        if (link && !entities.contains(remark.getSubject())) {
          found.add(remark.getProperty().getIRI().toString());
        }
      }
    }
    found.forEach(property -> say("link as annotation", property));
  }

  private static void literals(Set<OWLAxiom> axioms) {
    for (OWLAxiom axiom : axioms) {
      List<OWLLiteral> literals = new ArrayList<>();
      if (axiom instanceof OWLDataPropertyAssertionAxiom) {
        literals.add(((OWLDataPropertyAssertionAxiom) axiom).getObject());
      }
      if (axiom instanceof OWLAnnotationAssertionAxiom) {
        literals.addAll(((OWLAnnotationAssertionAxiom) axiom).getValue().asLiteral().asSet());
      }
      for (OWLLiteral literal : literals) {
        IRI datatype = literal.getDatatype().getIRI();
        if (!OWL2Datatype.isBuiltIn(datatype)) {
          say("datatype", datatype);
        } else if (!OWL2Datatype.getDatatype(datatype).isInLexicalSpace(literal.getLiteral())) {
          say("bad literal", literal);
        }
      }
    }
  }

  private static void profile(OWLOntology root, String name, OWLProfile profile) {
    OWLProfileReport report = profile.checkOntology(root);
    say("profile " + name, report.isInProfile());
    for (OWLProfileViolation violation : report.getViolations()) {
      say("violation " + name, violation);
    }
  }

  /** Ask HermiT for consistency, unsatisfiable classes, and every fact about named individuals that follows. */
  private static void reason(OWLOntology root, String target) throws Exception {
    Reasoner hermit = new Reasoner(new Configuration(), root);
    say("consistent", hermit.isConsistent());
    if (!hermit.isConsistent()) {
      return; // everything follows
    }
    for (OWLClass unsatisfiable : hermit.getUnsatisfiableClasses().getEntitiesMinusBottom()) {
      say("unsatisfiable", unsatisfiable.getIRI());
    }
    try (PrintStream out = new PrintStream(new File(target), "UTF-8")) {
      for (OWLClass kind : root.getClassesInSignature(Imports.INCLUDED)) {
        for (OWLNamedIndividual one : hermit.getInstances(kind, false).getFlattened()) {
          out.println(one + " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> " + kind + " .");
        }
      }
      for (OWLObjectProperty property : root.getObjectPropertiesInSignature(Imports.INCLUDED)) {
        hermit.getObjectPropertyInstances(property).forEach((from, values) -> {
          for (OWLNamedIndividual to : values) {
            out.println(from + " " + property + " " + to + " .");
          }
        });
      }
    }
    hermit.dispose();
  }

  /** Add one link as a user of Protégé would, and save the file in the two formats people choose. */
  private static void edit(OWLOntology ontology, List<String> arguments) throws Exception {
    OWLOntologyManager manager = ontology.getOWLOntologyManager();
    OWLDataFactory factory = manager.getOWLDataFactory();
    manager.addAxiom(ontology, factory.getOWLObjectPropertyAssertionAxiom(
        factory.getOWLObjectProperty(IRI.create(arguments.get(2))),
        factory.getOWLNamedIndividual(IRI.create(arguments.get(1))),
        factory.getOWLNamedIndividual(IRI.create(arguments.get(3)))));
    OWLDocumentFormat read = manager.getOntologyFormat(ontology);
    for (PrefixDocumentFormat format : List.of(new TurtleDocumentFormat(), new RDFXMLDocumentFormat())) {
      format.copyPrefixesFrom(read.asPrefixOWLOntologyFormat());
      String target = arguments.get(format instanceof TurtleDocumentFormat ? 4 : 5);
      manager.saveOntology(ontology, (OWLDocumentFormat) format, IRI.create(new File(target).getAbsoluteFile()));
      say("saved", target);
    }
  }
}
